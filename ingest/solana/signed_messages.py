"""What the signers of recorded transactions signed: their messages, byte for byte.

In base64 and base58 the bytes are there; in `json` they are put together again from keys, header,
blockhash, instructions and lookups. In `jsonParsed` that is possible where the node took no
instruction apart; its account keys have flags in place of a header, which leave open whether a key
that no transaction may write was declared as written, so each such header is an alternative.
Guarantees: a transaction whose message cannot be had is named, with the reason. Does not: verify.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple, cast

from ...primitives import InputError, Pubkey
from ...primitives.literals import LiteralError, read_base64
from ...primitives.reserved_keys import RESERVED_KEYS
from ...signatures.block_signatures import BlockSignatures, SignerChecks, Unchecked
from ...signatures.schemes import Scheme, SignatureCheck
from ...wire.decoding import (
    SIGNATURE_LEN,
    MessageHeader,
    TableLookup,
    WireInstruction,
    WireMessage,
    decode_transaction,
)
from ...wire.message_bytes import message_bytes
from ..files.json_values import as_flag, as_list_or_none, as_object, as_text, as_texts, as_u64s
from .encoded import decode_wire_text, from_base58
from .evidence import ShownCall
from .instruction_data import is_parsed
from .locks import declared_writable, demote_writes
from .messages import account_keys, instructions_of, read_header
from .recorded import RecordedBlock


class NotShown(Exception):
    """The answer does not show what was signed."""


class _Signed(NamedTuple):
    """`messages`: one of them was signed. `signers`: the keys that have to sign."""

    messages: Sequence[bytes]
    signers: Sequence[bytes]
    signatures: Sequence[bytes]


def block_signatures(block: RecordedBlock) -> BlockSignatures:
    """What to verify of a recorded block. Votes that were left out are not part of it.

    Raises InputError for what no node answers.
    """
    signers: list[SignerChecks] = []
    unchecked: list[Unchecked] = []
    for name, reason, declared in block.unread:
        if declared:
            unchecked.append(Unchecked(name, reason))
        else:  # one altered byte looks like this
            signers.append(SignerChecks(name, "of a version that is not known", ()))
    for position, name in enumerate(block.ids):
        try:
            signers += _checks(name, _signed(block, position))
        except NotShown as why:
            unchecked.append(Unchecked(name, str(why)))
        except InputError as error:
            raise InputError(f"transaction {position} ({name}): {error.message}") from error
    return BlockSignatures(tuple(signers), tuple(unchecked))


def _checks(name: str, signed: _Signed) -> Iterator[SignerChecks]:
    for place in range(max(len(signed.signers), len(signed.signatures))):
        if place >= len(signed.signatures):
            yield SignerChecks(name, str(Pubkey(signed.signers[place])), ())
        elif place >= len(signed.signers):
            yield SignerChecks(name, f"signature {place}, of nobody who has to sign", ())
        else:
            key, signature = signed.signers[place], signed.signatures[place]
            alternatives = [
                SignatureCheck(Scheme.ED25519, key, message, signature)
                for message in signed.messages
            ]
            yield SignerChecks(name, str(Pubkey(key)), tuple(alternatives))


def _signed(block: RecordedBlock, position: int) -> _Signed:
    evidence = block.evidence[position]
    transaction = evidence.transaction
    if not isinstance(transaction, dict):
        return _of_bytes(decode_wire_text({"transaction": transaction}))
    fields = cast("dict[str, object]", transaction)
    if fields.get("message") is None:
        raise NotShown('its message is left out, as with "transactionDetails": "accounts"')
    keys = block.keys_of(position)
    try:
        calls = evidence.calls(keys) or ()
        message = _Message(as_object(fields["message"], "message"), keys, calls)
        return _Signed(
            message.encodings(evidence.version),
            message.keys[: message.headers[0].required_signatures],
            [_signature(each) for each in as_texts(fields.get("signatures"), "signatures")],
        )
    except ValueError as error:  # an index above 255
        raise InputError(str(error)) from error


def _of_bytes(raw: bytes) -> _Signed:
    wire = decode_transaction(raw)
    count = len(wire.signatures)
    # Version 1 has its signatures last; others first, after a count that takes a byte.
    signed = slice(0, -SIGNATURE_LEN * count) if wire.version == 1 else None
    message = raw[signed or slice(1 + SIGNATURE_LEN * count, None)]
    return _Signed([message], wire.keys[: wire.header.required_signatures], wire.signatures)


def _signature(text: str) -> bytes:
    """The bytes; text that is no signature is left for the check to refuse."""
    try:
        return from_base58(text)
    except InputError:
        return b""


class _Message:
    """A message in JSON. `keys`: the static ones. `headers`: those that it may have.

    Raises NotShown, and InputError for what no node answers.
    """

    def __init__(
        self, fields: Mapping[str, object], every: Sequence[Pubkey], calls: Sequence[ShownCall]
    ) -> None:
        self._lookups = _lookups(fields)
        taken = sum(len(each.writable) + len(each.readonly) for each in self._lookups)
        self.keys = [bytes(key) for key in every[: len(every) - taken]]
        self._blockhash = from_base58(as_text(fields.get("recentBlockhash"), "recentBlockhash"))
        parsed = [is_parsed(each) for each in instructions_of(fields)]
        self._instructions = [
            _instruction(number, *each)
            for number, each in enumerate(zip(calls, parsed, strict=True))
        ]
        accounts = account_keys(fields)
        flagged = [cast("dict[str, object]", each) for each in accounts if isinstance(each, dict)]
        if not flagged:
            self.headers = [read_header(fields)]
            return
        if not taken and any(each.get("source") == "lookupTable" for each in flagged):
            raise NotShown("the lookup tables that it takes accounts from are not shown")
        programs = {each.program_index for each in self._instructions}
        demoted = [key in RESERVED_KEYS or place in programs for place, key in enumerate(self.keys)]
        possible = _possible_headers(flagged[: len(self.keys)], demoted)
        self.headers = [*filter(_Flags(flagged, every, programs, self._lookups).fit, possible)]
        if not self.headers:
            raise InputError("accountKeys: no message gives its keys these flags")

    def encodings(self, version: object) -> list[bytes]:
        """The message in every form that the answer leaves open."""
        content = tuple(self.keys), self._blockhash, tuple(self._instructions), tuple(self._lookups)
        return [
            message_bytes(WireMessage(number, header, *content))
            for header, number in product(self.headers, self._versions(version))
        ]

    def _versions(self, version: object) -> Sequence[int | None]:
        if version in ("legacy", -1):
            return (None,)
        if version is None:  # old answers have none
            return (0,) if self._lookups else (None, 0)
        if version != 0:
            raise NotShown(f'all that is signed of version {version} is only in "base64"')
        return (0,)


class _Flags:
    """The flags that an answer shows of a message's keys, of `every` one or of the static ones."""

    def __init__(
        self,
        flagged: Sequence[Mapping[str, object]],
        every: Sequence[Pubkey],
        programs: Iterable[int],
        lookups: Sequence[TableLookup],
    ) -> None:
        self._every = every
        self._programs = [*programs]
        self._loaded = (
            sum(len(each.writable) for each in lookups),
            sum(len(each.readonly) for each in lookups),
        )
        self._signers = [as_flag(each.get("signer"), "accountKeys: signer") for each in flagged]
        self._writable = self._demoted(
            [as_flag(each.get("writable"), "accountKeys: writable") for each in flagged]
        )

    def fit(self, header: MessageHeader) -> bool:
        """Whether the keys of a message with this header have these flags."""
        count = len(self._signers)
        declared = declared_writable(header, len(self._every) - sum(self._loaded), *self._loaded)
        signers = [place < header.required_signatures for place in range(count)]
        return self._demoted(declared[:count]) == self._writable and signers == self._signers

    def _demoted(self, flags: Sequence[bool]) -> list[bool]:
        # Those that are shown, too: nodes of older releases demoted fewer keys.
        rest = [False] * (len(self._every) - len(flags))
        return demote_writes(self._every, [*flags, *rest], self._programs)


def _possible_headers(
    flagged: Sequence[Mapping[str, object]], demoted: Sequence[bool]
) -> Iterator[MessageHeader]:
    """The headers by which the static keys have these flags, the likeliest first.

    `demoted`: whether a key is shown as read-only, however it was declared.
    """
    flags = [as_flag(each.get("writable"), "accountKeys: writable") for each in flagged]
    signers = sum(as_flag(each.get("signer"), "accountKeys: signer") for each in flagged)
    signed = _possible_readonly(flags[:signers], demoted[:signers])
    others = _possible_readonly(flags[signers:], demoted[signers:])
    for readonly_signed, readonly_unsigned in product(signed, others):
        yield MessageHeader(signers, readonly_signed, readonly_unsigned)


def _possible_readonly(flags: Sequence[bool], demoted: Sequence[bool]) -> list[int]:
    """How many keys at the end may have been declared read-only."""
    written = max((place + 1 for place, flag in enumerate(flags) if flag), default=0)
    last = written
    while last < len(flags) and demoted[last]:
        last += 1
    return [len(flags) - place for place in range(written, last + 1)]


def _instruction(number: int, call: ShownCall, parsed: bool) -> WireInstruction:
    program, accounts, data = call
    if parsed:
        raise NotShown(
            f"the node took instruction {number} apart, so its bytes are not shown; request the "
            'block with "encoding": "base64"'
        )
    if program is None or accounts is None or data is None:
        raise InputError(f"instruction {number}: its program, accounts or data cannot be read")
    return WireInstruction(program, bytes(accounts), data)


def _lookups(fields: Mapping[str, object]) -> list[TableLookup]:
    place = "addressTableLookups"
    found: list[TableLookup] = []
    for each in as_list_or_none(fields.get(place), place):
        lookup = as_object(each, place)
        table = from_base58(as_text(lookup.get("accountKey"), f"{place}: accountKey"))
        indexes = [
            _indexes(lookup.get(name), f"{place}: {name}")
            for name in ("writableIndexes", "readonlyIndexes")
        ]
        found.append(TableLookup(table, *indexes))
    return found


def _indexes(value: object, place: str) -> bytes:
    """Index bytes in a list, or in base64, as Go writes a byte slice."""
    if not isinstance(value, str):
        return bytes(as_u64s(value, place)) if value is not None else b""
    try:
        return read_base64(value)
    except LiteralError as error:
        raise InputError(f"{place}: not base64: {error}") from error
