"""The same bytes are taken and refused as solders does, but for what is refused here on purpose."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from hypothesis import event, given
from hypothesis import strategies as st
from solders.transaction import VersionedTransaction

from sealane.primitives import InputError
from sealane.wire import decode_signed, encode_signed

from .transactions import BLOCKHASH, pubkey

# What solders takes and nothing here: an account twice (a node refuses it later), lookup tables,
# and more instructions than a transaction may execute.
ON_PURPOSE: Final = ("appears twice", "lookup tables", "instructions, 64 at most")


def compact(value: int, extra: int = 0) -> bytes:
    """A compact-u16, with so many bytes more than it needs."""
    out = bytearray()
    while value >= 0x80 or extra > 0:
        extra -= value < 0x80
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def counted(parts: Iterable[bytes], count: int, extra: int) -> bytes:
    return compact(count, extra) + b"".join(parts)


@st.composite
def transactions(draw: st.DrawFn) -> bytes:
    """Bytes that have the form of a transaction, more or less."""
    rarely = st.sampled_from([0] * 30 + [1])
    keys = draw(
        st.lists(st.integers(1, 9).map(pubkey), min_size=2 - draw(rarely), max_size=6, unique=True)
    )
    keys += keys[:1] * draw(rarely)
    program = st.integers(1, max(1, len(keys) - 1 + draw(rarely))) | rarely
    account = st.integers(0, len(keys) - 1 + draw(rarely))
    calls: list[bytes] = []
    for _ in range(draw(st.integers(0, 4))):
        accounts = bytes(draw(st.lists(account, max_size=4)))
        data = draw(st.binary(max_size=3) | st.just(bytes(200)))
        calls.append(
            bytes((draw(program),))
            + counted([accounts], len(accounts), draw(rarely))
            + counted([data], len(data), draw(rarely))
        )
    signers = draw(st.integers(1 - draw(rarely), max(1, len(keys))))
    read_signers = draw(st.integers(0, max(0, signers - 1 + draw(rarely))))
    read = draw(st.integers(0, max(0, len(keys) - signers + draw(rarely))))
    header = bytes((signers, read_signers, read))
    version = draw(st.sampled_from([b"", b"\x80"] * 9 + [b"\x81", b"\xff"]))
    message = version + header + counted(keys, len(keys), draw(rarely)) + BLOCKHASH
    message += counted(calls, len(calls) + draw(rarely), draw(rarely))
    if version == b"\x80":
        lookups = [pubkey(9) + b"\x01\x00\x00"] * draw(rarely)
        message += counted(lookups, len(lookups), draw(rarely))
    signatures = header[0] + draw(rarely)
    return (
        compact(signatures, draw(rarely)) + bytes(64 * signatures) + message + bytes(draw(rarely))
    )


def taken_by_solders(raw: bytes) -> bool:
    try:
        found = VersionedTransaction.from_bytes(raw)
        found.sanitize()
    except Exception:
        return False
    return bytes(found) == raw


def refusal(raw: bytes) -> str | None:
    """Why it is refused here; None if it is taken."""
    try:
        found = decode_signed(raw)
    except InputError as error:
        return str(error)
    assert encode_signed(found.message, found.witnesses) == raw
    return None


@given(transactions())
def test_the_same_is_taken_and_refused(raw: bytes) -> None:
    refused = refusal(raw)
    event("taken" if refused is None else "refused")
    if refused is None or not any(reason in refused for reason in ON_PURPOSE):
        assert (refused is None) == taken_by_solders(raw), refused
