"""What a fixture's transactions are signed with, and over which bytes.

Guarantees: each signature is of an account that has to sign, by a key that can, and as long as its
scheme has them; an error names the transaction and the signer. Does not: verify signatures; the
answers of one who does are judged here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from ....primitives import InputError, Pubkey, Transaction
from ....primitives.one_line import counted
from ....runtime import Block
from ....runtime.block.block import SIGNER
from ....signatures.block_signatures import (
    BlockSignatures,
    SignatureReport,
    SignerChecks,
    Verify,
    WrongSignature,
)
from ....signatures.schemes import SIGNATURE_LEN, Scheme, SignatureCheck
from ....wire import encode_message, required_signers
from ...files.document import ValidationError, shown
from ...files.values import suggestion
from ...fixture.model import FixtureFile, KeySpec, TransactionSpec
from ...fixture.names import Names

# Looking up a line reads the file again.
FAULTS_MAX: Final = 100


class SignerCheck(NamedTuple):
    """A signature of a fixture. `position`: the transaction's. `signer`: the account's name."""

    position: int
    signer: str
    key: Pubkey
    check: SignatureCheck


@dataclass(frozen=True, slots=True)
class FixtureSignatures:
    """The signatures of a fixture, in file order. All that have to sign are to have signed."""

    fixture: FixtureFile
    names: Names
    given: tuple[SignerCheck, ...]

    def of_block(self, block: Block) -> BlockSignatures:
        """What to verify. `block`: the fixture's. A signer whose signature is missing has nothing
        to verify, and so none that counts."""
        given = {(each.position, each.key): each.check for each in self.given}
        found: list[SignerChecks] = []
        for position, signers in enumerate(_signers(block)):
            for key in signers:
                check = given.get((position, key))
                alternatives = () if check is None else (check,)
                found.append(SignerChecks(block.ids[position], self.names.shown(key), alternatives))
        return BlockSignatures(tuple(found))

    def faults(self, block: Block, found: SignatureReport) -> list[InputError]:
        """An error for each signature that is missing or does not count, with its line.

        For the first FAULTS_MAX of them, and one for the number of all others. `found`: what came
        of verifying `of_block`.
        """
        wrong = found.wrong
        positions = {name: position for position, name in enumerate(block.ids)} if wrong else {}
        given = {(each.position, each.signer): each for each in self.given}
        faults: list[InputError] = []
        for each in wrong[:FAULTS_MAX]:
            position = positions[each.transaction]
            faults.append(self._fault(each, position, given.get((position, each.signer))))
        if len(wrong) > FAULTS_MAX:
            more = counted(len(wrong) - FAULTS_MAX, "more signature")
            message = f"and {more} that should be there and count"
            faults.append(InputError(message, path=self.fixture.path))
        return faults

    def require(self, block: Block, verify: Verify) -> None:
        """Raise the first fault, if there is one. `verify`: such as Runtime.verify_signatures."""
        for fault in self.faults(block, self.of_block(block).verified(verify)):
            raise fault

    def _fault(self, wrong: WrongSignature, position: int, given: SignerCheck | None) -> InputError:
        message = f"'{shown(wrong.transaction)}' is not signed by '{shown(wrong.signer)}'"
        place: tuple[str | int, ...] = ("transactions", position)
        if given is None:
            message += "; `sealane keys sign` signs a fixture"
        else:
            message += (
                f": this signature does not count by {given.check.scheme}. It was made with "
                "another key, or for other instructions, accounts or blockhash; `sealane keys "
                "sign` makes it anew"
            )
            place = (*place, "signatures", given.signer)
        return self.fixture.document.fault(ValidationError(message, *place))


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
            self._found.append(SignerCheck(position, self._names.shown(key), key, check))

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
