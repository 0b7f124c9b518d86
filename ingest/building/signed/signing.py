"""Signs the transactions of a fixture: the same fixture, with keys and signatures in it.

Guarantees: what is signed is what `run --signatures on` verifies; signatures of others stay, as
long as they count. Does not: keep comments or the layout of the file, or show any secret.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from ....primitives import InputError, Pubkey, Transaction, UsageError
from ....programs.kit.program.program_set import ProgramSet
from ....signatures.schemes import Scheme, SignatureCheck, address_of
from ....signatures.verifying import verify
from ....wire import SigningKey, required_signers
from ...files.document import Document, ValidationError, Value, shown
from ...fixture.model import FixtureFile, KeySpec
from ...fixture.names import Names
from ...fixture.reader import read_fixture
from ..build import build_transactions
from .fixture_signatures import message_of


class Signed(NamedTuple):
    """A signed fixture. `made`: how many signatures. `lacking`: who has yet to sign, by id."""

    document: Mapping[str, Value]
    made: int
    lacking: Mapping[str, Sequence[str]]


def sign_fixture(
    fixture: FixtureFile,
    programs: ProgramSet,
    keypairs: Sequence[SigningKey],
    named: Mapping[str, SigningKey],
    *,
    replace: bool = False,
) -> Signed:
    """Sign for every account that has to sign and whose key is given.

    `named`: keys that are to be those of accounts of the fixture, by name; with `replace`, also of
    those that have another. Raises InputError, also for a key that has nothing to sign, and for a
    signer without a key: the message would change once it has one.
    """
    if not replace:
        _require_same_keys(fixture, named)
    if fixture.generate is not None or _values(fixture) is None:
        raise InputError(
            "a generated workload, or one in lines (JSONL), is not signed; write its transactions "
            "out as YAML or JSON: sealane gen --format yaml",
            path=fixture.path,
        )
    document = _with_keys(fixture.document, named)
    fixture = read_fixture(document)
    built = build_transactions(fixture, programs)
    signing = _Signing(fixture, built.names, [*named.values(), *keypairs])
    transactions: list[Value] = []
    lacking: dict[str, Sequence[str]] = {}
    for position, value in enumerate(_values(fixture) or ()):
        try:
            given, missing = signing.sign(position, built.transactions[position])
        except ValidationError as invalid:
            raise document.fault(invalid.under("transactions", position)) from None
        transactions.append(_with_signatures(value, given))
        if missing:
            lacking[fixture.transactions[position].id] = missing
    signing.require_used()
    return Signed({**_mapping(document), "transactions": transactions}, signing.made, lacking)


class _Signing:
    """Signs one transaction after another. `made`: how many signatures so far."""

    def __init__(self, fixture: FixtureFile, names: Names, keypairs: Sequence[SigningKey]) -> None:
        self._fixture = fixture
        self._names = names
        self._keypairs = {each.address: each for each in keypairs}
        self._known = {address_of(*each): each for each in fixture.keys.values()}
        self._used: set[Pubkey] = set()
        self.made = 0

    def sign(
        self, position: int, transaction: Transaction
    ) -> tuple[dict[str, Value], Sequence[str]]:
        """The transaction's signatures by name, and who has still to sign."""
        spec = self._fixture.transactions[position]
        if spec.instructions is None:
            return {}, ()
        message = message_of(spec, transaction)
        before = spec.signatures or {}
        given: dict[str, Value] = {}
        missing: list[str] = []
        for key in required_signers(transaction):
            word = self._word(key)
            if key in self._keypairs:
                given[word] = _base64(self._keypairs[key].sign(message))
                self._used.add(key)
                self.made += 1
            elif word in before and self._counts(key, message, before[word]):
                given[word] = _base64(before[word])
            else:
                missing.append(word)
        return given, missing

    def _counts(self, key: Pubkey, message: bytes, signature: bytes) -> bool:
        spec = self._known.get(key, KeySpec(Scheme.ED25519, bytes(key)))
        return verify([SignatureCheck(*spec, message, signature)])[0]

    def _word(self, key: Pubkey) -> str:
        """The name of a signer. Raises ValidationError for one without a key."""
        word = self._names.shown(key)
        if key not in self._known and word != str(key):
            raise ValidationError(
                f"'{shown(word)}' has to sign, and no key belongs to the name: with one, the "
                "message would be another. Add it under `keys`, or give it, `--key NAME=FILE`"
            )
        return word

    def require_used(self) -> None:
        for key in self._keypairs:
            if key not in self._used:
                raise UsageError(
                    f"{self._fixture.path}: no transaction has to be signed by {key}; say which "
                    "account of the file it is, `--key NAME=FILE`"
                )


def _values(fixture: FixtureFile) -> list[dict[str, Value]] | None:
    """The transactions as the file has them; None if it has them in lines of their own."""
    found = _mapping(fixture.document).get("transactions")
    return None if found is None else cast("list[dict[str, Value]]", found)


def _mapping(document: Document) -> dict[str, Value]:
    return cast("dict[str, Value]", document.value)  # it was read as a fixture


def _require_same_keys(fixture: FixtureFile, named: Mapping[str, SigningKey]) -> None:
    """Raise UsageError where a name has another key: it would become another account."""
    for name, key in named.items():
        before = fixture.keys.get(name)
        if before is not None and address_of(*before) != key.address:
            raise UsageError(
                f"{fixture.path}: the key of '{shown(name)}' is {address_of(*before)}, and this "
                f"one is {key.address}; give the file of that key, or --replace to make "
                f"'{shown(name)}' the account of this one"
            )


def _with_keys(document: Document, named: Mapping[str, SigningKey]) -> Document:
    """The document with these keys under `keys`, in place of others of their names."""
    if not named:
        return document
    fields = _mapping(document)
    keys = dict(cast("dict[str, Value]", fields.get("keys") or {}))
    for name, key in named.items():
        entry: dict[str, Value] = {"public_key": _base64(key.public_key)}
        if key.scheme != Scheme.ED25519:
            entry = {"scheme": str(key.scheme), **entry}
        keys[name] = entry
    # Before the accounts, whose names they are.
    changed: dict[str, Value] = {}
    for field, value in fields.items():
        if field == "accounts" or (field == "transactions" and "keys" not in changed):
            changed.setdefault("keys", keys)
        if field != "keys":
            changed[field] = value
    return Document(document.path, changed, document.locate)


def _with_signatures(transaction: dict[str, Value], given: dict[str, Value]) -> Value:
    kept = {key: value for key, value in transaction.items() if key != "signatures"}
    return {**kept, "signatures": given} if given else kept


def _base64(raw: bytes) -> str:
    return f"base64:{base64.b64encode(raw).decode()}"
