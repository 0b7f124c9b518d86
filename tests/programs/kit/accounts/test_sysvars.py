"""The sysvars as accounts, byte for byte, and the blockhash that follows from the slot."""

from __future__ import annotations

from sealane.programs import CLOCK_ID, RECENT_BLOCKHASHES_ID, RENT_ID, Clock, Sysvars


def test_rent_is_laid_out_as_on_chain() -> None:
    # What mainnet's rent sysvar holds.
    assert Sysvars().accounts()[RENT_ID].data.hex() == "980d000000000000000000000000004032"


def test_clock_is_laid_out_as_on_chain() -> None:
    data = Sysvars(Clock(slot=1, epoch=2, unix_timestamp=-1)).accounts()[CLOCK_ID].data
    assert data.hex() == "01" + "00" * 15 + "02" + "00" * 7 + "03" + "00" * 7 + "ff" * 8


def test_recent_blockhashes_are_a_counted_list_with_fees() -> None:
    sysvars = Sysvars(recent_blockhashes=(b"n" * 32, b"o" * 32), lamports_per_signature=7)
    entry_fee = (7).to_bytes(8, "little")
    data = sysvars.accounts()[RECENT_BLOCKHASHES_ID].data
    assert data == b"\x02" + bytes(7) + b"n" * 32 + entry_fee + b"o" * 32 + entry_fee


def test_every_slot_has_its_own_blockhash() -> None:
    hashes = {Sysvars(Clock(slot=slot)).blockhashes for slot in range(4)}
    assert len(hashes) == 4
    assert Sysvars(recent_blockhashes=()).blockhashes == ()
