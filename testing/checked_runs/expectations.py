"""Checks a block's result against the fixture's expectations.

Guarantees: only what the file names is compared; every difference gives one message with file and
line, transaction or account and field, expected and found value; nothing is changed. Does not:
raise for a difference; any other fault was already refused when the block was built.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from ...ingest.building.build import BuiltFixture
from ...ingest.building.call_builder import known_layout, message_of
from ...ingest.files.document import Pointer, ValidationError, Value, shown
from ...ingest.files.values import suggestion
from ...ingest.fixture.model import ExpectedAccount, LayoutData, Outcome
from ...primitives import Account, InputError, ProgramFailure, Pubkey
from ...programs.kit import Layout
from ...programs.kit.program.program_set import ProgramSet
from ...runtime import Receipt, Result

# Looking up a line reads the file again.
LINES_MAX: Final = 100
_SHOWN_IDS_MAX: Final = 12


class LamportSums(NamedTuple):
    """Total lamports of all accounts of a block, before and after it."""

    before: int
    after: int


@dataclass(slots=True)
class ExpectationCheck:
    """How many expectations held, and a message for each that did not."""

    passed: int = 0
    failed: list[str] = field(default_factory=list[str])


def check_expectations(
    built: BuiltFixture,
    result: Result,
    account: Callable[[Pubkey], Account],
    programs: ProgramSet,
    sums: LamportSums | None = None,
) -> ExpectationCheck:
    """Compare. `account` returns the state after the block; `sums` is needed if the file expects
    `lamports_conserved`."""
    checker = _Checker(built, account, programs)
    checker.outcomes(result)
    for word, expected in built.fixture.expect.accounts.items():
        checker.account(word, expected)
    checker.waves(result.waves)
    if sums is not None:
        checker.conservation(sums, sum(result.transactions.fees.tolist()))
    return checker.check


class _Checker:
    def __init__(
        self, built: BuiltFixture, account: Callable[[Pubkey], Account], programs: ProgramSet
    ) -> None:
        self.check = ExpectationCheck()
        self._built = built
        self._account = account
        self._programs = programs

    def outcomes(self, result: Result) -> None:
        for position, spec in enumerate(self._built.fixture.transactions):
            if spec.expect is not None:
                receipt = result.transactions[position]
                ending = self._built.names.in_text(_ending(receipt))
                self._note(
                    _meets(spec.expect, receipt),
                    ("transactions", position, "expect"),
                    f"{shown(spec.id)}: expected {_wanted(spec.expect)}, it {ending}",
                )

    def account(self, word: str, expected: ExpectedAccount) -> None:
        place = ("expect", "accounts", word)
        found = self._account(self._built.names.account(word))
        names = self._built.names
        if expected.lamports is not None:
            self._compare((*place, "lamports"), expected.lamports, found.lamports)
        if expected.owner is not None:
            owner = names.program(expected.owner)
            message = f"expected {shown(expected.owner)}, found {names.shown(found.owner)}"
            self._note(owner == found.owner, (*place, "owner"), message)
        if expected.executable is not None:
            wanted, actual = (str(flag).lower() for flag in (expected.executable, found.executable))
            self._compare((*place, "executable"), wanted, actual)
        if isinstance(expected.data, LayoutData):
            self._fields((*place, "data"), expected.data, found)
        elif expected.data is not None:
            message = f"expected {_hex(expected.data)}, found {_hex(found.data)}"
            self._note(expected.data == found.data, (*place, "data"), message)

    def _fields(self, place: Pointer, expected: LayoutData, found: Account) -> None:
        try:
            layout = self._layout(expected, found)
            actual = layout.decode(found.data)
        except (ValidationError, ProgramFailure) as error:
            self._note(False, place, message_of(error))
            return
        for name, value in expected.fields.items():
            self._field((*place, name), actual, name, value)

    def _layout(self, expected: LayoutData, found: Account) -> type[Layout]:
        """The layout that the file names, else the one that the owner finds for the data."""
        if expected.layout is not None:
            return known_layout(expected, self._programs)
        owner = self._programs.get(found.owner)
        layout = None if owner is None else owner.layout_of(found.data)
        if layout is None:
            program = self._built.names.shown(found.owner)
            raise ValidationError(
                f"{len(found.data):,} bytes owned by {program} have no layout that is known; "
                "name it: `layout: program.Layout`"
            )
        return layout

    def _field(self, place: Pointer, actual: Layout, name: str, value: Value) -> None:
        known = type(actual).fixture_fields()
        field = known.get(name)
        if field is None:
            message = f"{actual.layout_name} has no field '{shown(name)}'{suggestion(name, known)}"
            self._note(False, place, message)
            return
        try:
            # Encoded and decoded, so that both sides have the same types.
            raw = field.codec.encode(field.codec.from_json(value, self._built.names.mentioned))
            wanted, _ = field.codec.decode(raw, 0)
        except (InputError, ProgramFailure, ValueError) as error:
            self._note(False, place, message_of(error))
            return
        found = getattr(actual, field.name)
        message = f"expected {self._shown(wanted)}, found {self._shown(found)}"
        self._note(wanted == found, place, message)

    def waves(self, found: Sequence[Sequence[str]]) -> None:
        expected = self._built.fixture.expect.waves
        if expected is None:
            return
        place: Pointer = ("expect", "waves")
        for position, (wanted, wave) in enumerate(zip(expected, found, strict=False)):
            if set(wanted) != set(wave):
                message = f"expected {_ids(wanted)}, found {_ids(wave)}"
                self._note(False, (*place, position), message)
                return
        message = f"expected {len(expected)} waves, found {len(found)}"
        self._note(len(expected) == len(found), place, message)

    def conservation(self, sums: LamportSums, fees: int) -> None:
        expected = self._built.fixture.expect.lamports_conserved
        if expected is None:
            return
        difference = sums.after + fees - sums.before
        wanted = "be conserved" if expected else "not be conserved"
        message = (
            f"lamports were expected to {wanted}: {sums.before:,} before, {sums.after:,} after and "
            f"{fees:,} in fees differ by {difference:,}"
        )
        self._note((difference == 0) is expected, ("expect", "lamports_conserved"), message)

    def _compare(self, place: Pointer, expected: int | str, found: int | str) -> None:
        self._note(expected == found, place, f"expected {_plain(expected)}, found {_plain(found)}")

    def _note(self, holds: bool, place: Pointer, message: str) -> None:
        if holds:
            self.check.passed += 1
            return
        document = self._built.fixture.document
        invalid = ValidationError(message, *place)
        if len(self.check.failed) < LINES_MAX:
            self.check.failed.append(str(document.fault(invalid)))
        else:
            self.check.failed.append(str(InputError(str(invalid), path=document.path)))

    def _shown(self, value: object) -> str:
        if isinstance(value, Pubkey):
            return self._built.names.shown(value)
        if isinstance(value, bytes):
            return _hex(value)
        return _plain(value) if isinstance(value, int) else shown(str(value))


def _meets(expected: Outcome, receipt: Receipt) -> bool:
    failure = receipt.error
    if expected.ok or failure is None:
        return expected.ok and failure is None
    if expected.error is None:
        return True
    return (expected.program, expected.error) == (failure.program, failure.name)


def _wanted(expected: Outcome) -> str:
    if expected.ok:
        return "success"
    return f"the error {_error(expected.program, expected.error)}" if expected.error else "an error"


def _ending(receipt: Receipt) -> str:
    failure = receipt.error
    if failure is None:
        return "succeeded"
    place = "" if failure.instruction is None else f" in instruction {failure.instruction}"
    return f"failed with {_error(failure.program, failure.name)}{place}: {failure.message}"


def _error(program: str | None, name: str) -> str:
    return name if program is None else f"{program}.{name}"


def _hex(raw: bytes) -> str:
    return shown(f"hex:{raw.hex()}") if raw else "no data"


def _plain(value: int | str) -> str:
    return f"{value:,}" if type(value) is int else str(value)


def _ids(wave: Sequence[str]) -> str:
    more = f", … ({len(wave)} in all)" if len(wave) > _SHOWN_IDS_MAX else ""
    return f"[{', '.join(shown(identity) for identity in wave[:_SHOWN_IDS_MAX])}{more}]"
