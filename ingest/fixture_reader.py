"""A fixture's document, checked and turned into a FixtureFile.

Guarantees: the first fault found is an InputError that names file, line, place and remedy; unknown
keys come with the nearest known one; ids are unique, defaults `t0`, `t1`, ….
Does not: need any program; names stay names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from .account_reader import read_accounts
from .document import Document, Misfit, Value, shown
from .expectation_reader import NOTHING_EXPECTED, check_wave_ids, read_expectations
from .fixture import FORMAT_VERSION, FixtureFile, TransactionSpec
from .transaction_reader import read_transaction
from .values import described, field, integer, mapping, name, sequence, text
from .workload import TRANSACTIONS_MAX, WorkloadSpec

FIXTURE_KEYS: Final = ("sealane", "why", "accounts", "transactions", "generate", "expect", "fee")
GENERATE_KEYS: Final = ("program", "n", "accounts", "shape", "zipf", "hot", "seed")
FEE_KEYS: Final = ("lamports_per_signature",)


def read_fixture(document: Document, lines: Iterable[Value] | None = None) -> FixtureFile:
    """The fixture in a document. `lines` are a JSONL file's transactions, after its header.

    Raises InputError.
    """
    try:
        return _read(document, lines)
    except Misfit as misfit:
        raise document.fault(misfit) from None


def _read(document: Document, lines: Iterable[Value] | None) -> FixtureFile:
    _check_version(document.value)
    fields = mapping(document.value, FIXTURE_KEYS)
    if lines is not None and "transactions" in fields:
        raise Misfit("in JSONL the transactions follow, one a line; move them", "transactions")
    why = field(fields, "why", text, None)
    per_signature = field(fields, "fee", _fee, 0)
    accounts = field(fields, "accounts", read_accounts, {})
    generate = field(fields, "generate", _generate, None)
    expect = field(fields, "expect", read_expectations, NOTHING_EXPECTED)
    given = field(fields, "transactions", sequence, []) if lines is None else lines
    transactions = _transactions(given)
    if generate is not None and (transactions or "transactions" in fields):
        raise Misfit("`generate` stands in for `transactions`; keep one of the two", "generate")
    known = GeneratedIds(generate.n) if generate else {spec.id for spec in transactions}
    check_wave_ids(expect, known)
    return FixtureFile(document, why, accounts, transactions, generate, expect, per_signature)


def _check_version(value: Value) -> None:
    """Before all else: the rest of another version's file may mean anything."""
    if not isinstance(value, dict):
        raise Misfit(f"a fixture is a mapping with `sealane: 1`, this is {described(value)}")
    if "sealane" not in value:
        raise Misfit("the key 'sealane' is missing; a fixture starts with `sealane: 1`")
    version = value["sealane"]
    if type(version) is not int or version != FORMAT_VERSION:
        raise Misfit(
            f"the file says version {shown(str(version))} of the format, and this sealane reads "
            f"version {FORMAT_VERSION}; write `sealane: {FORMAT_VERSION}`, or update sealane",
            "sealane",
        )


def _transactions(given: Iterable[Value]) -> list[TransactionSpec]:
    transactions: list[TransactionSpec] = []
    positions: dict[str, int] = {}
    for position, value in enumerate(given):
        try:
            spec = read_transaction(value, position)
        except Misfit as misfit:
            raise misfit.under("transactions", position) from None
        first = positions.setdefault(spec.id, position)
        if first != position:
            raise Misfit(
                f"'{shown(spec.id)}' is the id of transactions[{first}] already; rename one "
                "(without an id, a transaction is `t` and its position)",
                "transactions",
                position,
                "id",
            )
        transactions.append(spec)
    return transactions


def _fee(value: Value) -> int:
    return field(mapping(value, FEE_KEYS), "lamports_per_signature", integer, 0)


def _generate(value: Value) -> WorkloadSpec:
    fields = mapping(value, GENERATE_KEYS, required=("n",))
    return WorkloadSpec(
        n=field(fields, "n", integer, 0),
        accounts=field(fields, "accounts", integer, None),
        program=field(fields, "program", name, "system.transfer"),
        shape=field(fields, "shape", name, None),
        zipf=field(fields, "zipf", _exponent, None),
        hot=field(fields, "hot", integer, None),
        seed=field(fields, "seed", integer, 0),
    )


def _exponent(value: Value) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Misfit(f"expected a number, found {described(value)}; write it like 1.1")
    return float(value)


class GeneratedIds(Collection[str]):
    """The ids `t0` to `t(n-1)` of a generated workload, without making them."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __contains__(self, word: object) -> bool:
        if not (isinstance(word, str) and word.startswith("t") and word[1:].isdecimal()):
            return False
        position = int(word[1:]) if len(word) <= len(str(TRANSACTIONS_MAX)) + 1 else self._count
        return position < self._count and word == f"t{position}"

    def __iter__(self) -> Iterator[str]:
        return (f"t{position}" for position in range(self._count))

    def __len__(self) -> int:
        return self._count
