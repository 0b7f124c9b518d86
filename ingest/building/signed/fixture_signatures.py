"""What a fixture's transactions are signed with, and over which bytes.

Guarantees: each signature is of an account that has to sign, by a key that can, and as long as its
scheme has them; an error names the transaction and the signer. Does not: verify signatures; the
answers of one who does are judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from ....primitives import InputError, Pubkey, Transaction
from ....runtime import Block
from ....runtime.block.block import SIGNER
from ....signatures.schemes import SIGNATURE_LEN, Scheme, SignatureCheck
from ....wire import encode_message, required_signers
from ...files.document import ValidationError, shown
from ...files.values import suggestion
from ...fixture.model import FixtureFile, KeySpec, TransactionSpec
from ...fixture.names import Names


class SignerCheck(NamedTuple):
    """A signature of a fixture. `position`: the transaction's. `signer`: as the file names it."""

    position: int
    signer: str
    key: Pubkey
    check: SignatureCheck


Verify: TypeAlias = Callable[[Sequence[SignatureCheck]], Iterable[bool]]


@dataclass(frozen=True, slots=True)
class FixtureSignatures:
    """The signatures of a fixture, in file order, and how to judge them."""

    fixture: FixtureFile
    names: Names
    given: tuple[SignerCheck, ...]

    def require(self, block: Block, verify: Verify) -> None:
        """Raise InputError for the first signature that is missing or does not count.

        `block`: the fixture's. `verify`: `Runtime.verify_signatures`, or another that answers so.
        """
        for fault in self.faults(block, verify):
            raise fault

    def faults(self, block: Block, verify: Verify) -> Iterator[InputError]:
        """What `require` might raise: a signature that does not count is named before any that is
        missing."""
        checks = [each.check for each in self.given]
        for each, counts in zip(self.given, verify(checks) if checks else (), strict=True):
            if not counts:
                yield self._wrong(each)
        there = {(each.position, each.key) for each in self.given}
        for position, signers in enumerate(_signers(block)):
            lacking = [key for key in signers if (position, key) not in there]
            if lacking:
                listed = " and ".join(f"'{shown(self.names.shown(key))}'" for key in lacking)
                yield self._fault(
                    f"'{shown(block.ids[position])}' is not signed by {listed}; "
                    "`sealane keys sign` signs a fixture",
                    position,
                )

    def _wrong(self, signed: SignerCheck) -> InputError:
        spec = self.fixture.transactions[signed.position]
        return self._fault(
            f"'{shown(spec.id)}' is not signed by '{shown(signed.signer)}': this signature does "
            f"not count by {signed.check.scheme}. It was made with another key, or for other "
            "instructions, accounts or blockhash; `sealane keys sign` makes it anew",
            *(signed.position, "signatures", signed.signer),
        )

    def _fault(self, message: str, *place: str | int) -> InputError:
        return self.fixture.document.fault(ValidationError(message, "transactions", *place))


class SignatureReader:
    """Reads the signatures of a fixture's transactions as these are built."""

    def __init__(self, fixture: FixtureFile, names: Names) -> None:
        self._fixture = fixture
        self._names = names
        self._keys: dict[Pubkey, KeySpec] = {}
        self._found: list[SignerCheck] = []

    def bind_keys(self) -> None:
        """Let the names of keys stand for the accounts that these sign for."""
        for word, spec in self._fixture.keys.items():
            try:
                self._keys[self._names.bind_key(word, spec)] = spec
            except ValidationError as invalid:
                raise invalid.under("keys", word) from None

    def read(self, position: int, spec: TransactionSpec, transaction: Transaction) -> None:
        """Read the signatures of a transaction. Raises ValidationError."""
        if not spec.signatures:
            return
        message = message_of(spec, transaction)
        signers = required_signers(transaction)
        for word, signature in spec.signatures.items():
            try:
                key = self._signer(word, signers)
                check = _check(self._key(word, key), message, signature)
            except ValidationError as invalid:
                raise invalid.under("signatures", word) from None
            self._found.append(SignerCheck(position, word, key, check))

    def all(self) -> FixtureSignatures:
        return FixtureSignatures(self._fixture, self._names, tuple(self._found))

    def _signer(self, word: str, signers: Sequence[Pubkey]) -> Pubkey:
        key = self._names.program(word)
        if key not in signers:
            known = [self._names.shown(each) for each in signers]
            raise ValidationError(
                f"'{shown(word)}' does not have to sign this{suggestion(word, known)}"
            )
        return key

    def _key(self, word: str, key: Pubkey) -> KeySpec:
        spec = self._keys.get(key)
        if spec is None and word == str(key):
            return KeySpec(Scheme.ED25519, bytes(key))
        if spec is None:
            raise ValidationError(
                f"no key belongs to the name '{shown(word)}'; add one: `keys: "
                f"{{{shown(word)}: {{public_key: …}}}}`"
            )
        return spec


def message_of(spec: TransactionSpec, transaction: Transaction) -> bytes:
    """What is signed of a fixture's transaction. Raises ValidationError."""
    try:
        return encode_message(transaction, spec.recent_blockhash)
    except InputError as error:
        raise ValidationError(str(error)) from None


def _check(key: KeySpec, message: bytes, signature: bytes) -> SignatureCheck:
    length = SIGNATURE_LEN[key.scheme]
    if len(signature) != length:
        raise ValidationError(
            f"a signature of {key.scheme} has {length:,} bytes, this has {len(signature):,}"
        )
    return SignatureCheck(key.scheme, key.public_key, message, signature)


def _signers(block: Block) -> Iterator[list[Pubkey]]:
    """The accounts that have to sign each transaction."""
    columns = block.instructions
    starts: list[int] = columns.account_offsets[columns.offsets].tolist()
    for position, payer in enumerate(block.payers.tolist()):
        here = slice(starts[position], starts[position + 1])
        signing = columns.accounts[here][columns.account_flags[here] & SIGNER != 0]
        ids = dict.fromkeys([payer, *signing.tolist()] if payer >= 0 else signing.tolist())
        yield [block.keys[each] for each in ids]
