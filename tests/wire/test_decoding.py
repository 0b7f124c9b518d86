"""Wire bytes of transactions: lengths at their edges, truncation at every byte, versions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.message import MessageV1, TransactionConfig
from solders.pubkey import Pubkey as Key
from solders.transaction import VersionedTransaction

from sealane.primitives import InputError
from sealane.wire.decoding import (
    ACCOUNTS_MAX,
    VERSION_1_ACCOUNTS_MAX,
    VERSION_1_INSTRUCTIONS_MAX,
    MessageHeader,
    TableLookup,
    UnknownVersion,
    WireInstruction,
    WireTransaction,
    decode_transaction,
)

SIGNATURE = b"\x05" * 64
PAYER, OTHER, PROGRAM, TABLE = (bytes((n,)) * 32 for n in (1, 2, 3, 4))
BLOCKHASH = b"\x09" * 32


def compact(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def counted(raw: bytes, count: int | None = None) -> bytes:
    return compact(len(raw) if count is None else count) + raw


def encode(transaction: WireTransaction) -> bytes:
    out = counted(b"".join(transaction.signatures), len(transaction.signatures))
    if transaction.version is not None:
        out += bytes((0x80 | transaction.version,))
    out += bytes(transaction.header) + counted(b"".join(transaction.keys), len(transaction.keys))
    out += transaction.recent_blockhash + compact(len(transaction.instructions))
    for index, accounts, data in transaction.instructions:
        out += bytes((index,)) + counted(accounts) + counted(data)
    if transaction.version is not None:
        out += compact(len(transaction.lookups))
        for table, writable, readonly in transaction.lookups:
            out += table + counted(writable) + counted(readonly)
    return out


LEGACY = WireTransaction(
    (SIGNATURE,),
    None,
    MessageHeader(1, 0, 1),
    (PAYER, OTHER, PROGRAM),
    BLOCKHASH,
    (WireInstruction(2, b"\x00\x01", b"abc"),),
    (),
)
VERSION_0 = LEGACY._replace(
    version=0,
    instructions=(WireInstruction(2, b"\x00\x05", b""),),
    lookups=(TableLookup(TABLE, b"\x07\x08", b"\x09"),),
)


@pytest.mark.parametrize("transaction", [LEGACY, VERSION_0], ids=["legacy", "v0"])
def test_both_message_kinds_decode_to_what_was_encoded(transaction: WireTransaction) -> None:
    assert decode_transaction(encode(transaction)) == transaction
    assert VERSION_0.looked_up == (2, 1)


@pytest.mark.parametrize("length", [0, 1, 0x7F, 0x80, 0x3FFF, 0x4000, 0xFFFF])
def test_lengths_of_one_two_and_three_bytes(length: int) -> None:
    instruction = WireInstruction(2, b"", bytes(length))
    transaction = LEGACY._replace(instructions=(instruction,))
    assert decode_transaction(encode(transaction)).instructions[0].data == bytes(length)


def with_data_length(length: bytes) -> bytes:
    """LEGACY with these bytes as the length of its instruction's data, and a lot of data."""
    head = encode(LEGACY)[: -len(counted(b"abc"))]
    return head + length + bytes(0x10000)


@pytest.mark.parametrize(
    ("length", "complaint"),
    [
        (b"\x80\x00", "overlong compact-u16"),
        (b"\xff\x80\x00", "overlong compact-u16"),
        (b"\x80\x80\x80\x01", "over 3 bytes"),
        (b"\xff\xff\x04", "up to 65535, found 81919"),
    ],
)
def test_lengths_that_the_node_refuses(length: bytes, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint) as caught:
        decode_transaction(with_data_length(length))
    offset = len(encode(LEGACY)) - len(counted(b"abc"))
    assert str(caught.value).startswith(f"byte {offset}: expected instruction data length")


@pytest.mark.parametrize("transaction", [LEGACY, VERSION_0], ids=["legacy", "v0"])
def test_every_truncation_names_an_offset_within_the_bytes(
    transaction: WireTransaction,
) -> None:
    raw = encode(transaction)
    for length in range(len(raw)):
        with pytest.raises(InputError, match=r"^byte \d+: expected .* found") as caught:
            decode_transaction(raw[:length])
        assert int(str(caught.value).split()[1].rstrip(":")) <= length


def test_trailing_bytes_are_refused() -> None:
    raw = encode(LEGACY)
    with pytest.raises(InputError, match=f"byte {len(raw)}: expected the end"):
        decode_transaction(raw + b"\x00")


def test_a_later_message_version_is_named() -> None:
    with pytest.raises(UnknownVersion, match=r"byte 65: .* version 3"):
        decode_transaction(encode(VERSION_0._replace(version=3)))


def test_a_transaction_that_starts_with_its_version_is_named() -> None:
    with pytest.raises(UnknownVersion, match=r"byte 0: .* version 2"):
        decode_transaction(b"\x82" + encode(LEGACY))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"header": MessageHeader(1, 0, 3)}, "1 signers and 3 read-only others among 3"),
        ({"header": MessageHeader(1, 1, 1)}, "1 read-only of 1 signers"),
        ({"header": MessageHeader(2, 0, 1)}, "1 signatures, the header requires 2"),
        ({"instructions": (WireInstruction(3, b"", b""),)}, "program index 3"),
        ({"instructions": (WireInstruction(2, b"\x03", b""),)}, "account index 3"),
    ],
)
def test_parts_that_contradict_each_other(change: dict[str, object], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        decode_transaction(encode(LEGACY._replace(**change)))


def test_256_accounts_are_accepted_and_257_refused() -> None:
    def looked_up(count: int) -> bytes:
        lookup = TableLookup(TABLE, bytes(count), b"")
        return encode(VERSION_0._replace(lookups=(lookup,)))

    room = ACCOUNTS_MAX - len(VERSION_0.keys)
    assert decode_transaction(looked_up(room)).looked_up == (room, 0)
    with pytest.raises(InputError, match="257 accounts, 256 at most"):
        decode_transaction(looked_up(room + 1))


@given(st.binary(max_size=400))
def test_any_bytes_decode_or_are_refused(raw: bytes) -> None:
    try:
        transaction = decode_transaction(raw)
    except InputError:
        return
    assert transaction.version == 1 or encode(transaction) == raw


@given(st.data())
def test_a_changed_byte_decodes_or_is_refused(data: st.DataObject) -> None:
    raw = bytearray(encode(VERSION_0))
    position = data.draw(st.integers(0, len(raw) - 1))
    raw[position] = data.draw(st.integers(0, 255))
    try:
        transaction = decode_transaction(bytes(raw))
    except InputError:
        return
    assert encode(transaction) == bytes(raw)


def version_1(instructions: int = 2, others: int = 1) -> tuple[bytes, VersionedTransaction]:
    """A transaction as solders makes it: so many like calls, on so many accounts."""
    payer = Keypair.from_seed(bytes(32))
    accounts = [AccountMeta(Key(bytes((n + 9,)) * 32), False, True) for n in range(others)]
    call = Instruction(Key(PROGRAM), b"abc", accounts)
    config = TransactionConfig(priority_fee=5, compute_unit_limit=100)
    message = MessageV1.try_compile(payer.pubkey(), [call] * instructions, Hash.default(), config)
    made = VersionedTransaction(message, [payer])
    return bytes(made), made


def test_version_1_is_read_as_solders_writes_it() -> None:
    raw, made = version_1()
    message = made.message
    assert isinstance(message, MessageV1)
    decoded = decode_transaction(raw)
    assert decoded.version == 1
    assert decoded.signatures == tuple(map(bytes, made.signatures))
    assert decoded.keys == tuple(map(bytes, message.account_keys))
    assert decoded.header == (1, 0, 1)
    assert decoded.instructions == (WireInstruction(2, b"\x01", b"abc"),) * 2
    assert decoded.lookups == ()


def test_version_1_cut_anywhere_is_refused() -> None:
    raw, _ = version_1()
    for length in range(len(raw)):
        with pytest.raises(InputError, match=r"^byte \d+: expected .* found"):
            decode_transaction(raw[:length])
    with pytest.raises(InputError, match=f"byte {len(raw)}: expected the end"):
        decode_transaction(raw + b"\0")


def test_version_1_has_its_limits() -> None:
    raw, _ = version_1(instructions=VERSION_1_INSTRUCTIONS_MAX)
    assert len(decode_transaction(raw).instructions) == VERSION_1_INSTRUCTIONS_MAX
    with pytest.raises(InputError, match="instruction count up to 64, found 65"):
        decode_transaction(version_1(instructions=VERSION_1_INSTRUCTIONS_MAX + 1)[0])
    others = VERSION_1_ACCOUNTS_MAX - 2  # beside the payer and the program
    assert len(decode_transaction(version_1(others=others)[0]).keys) == VERSION_1_ACCOUNTS_MAX
    with pytest.raises(InputError, match="account key count up to 64, found 65"):
        decode_transaction(version_1(others=others + 1)[0])
