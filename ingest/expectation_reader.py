"""The `expect` parts of a fixture, checked: of one transaction, and of the whole block."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from ..primitives import InstructionErrors, TransactionErrors
from .account_reader import read_data
from .document import Misfit, Value, shown
from .fixture import Expectations, ExpectedAccount, LayoutData, Outcome
from .values import any_mapping, at, boolean, each, field, integer, mapping, name, suggestion

EXPECT_KEYS: Final = ("accounts", "waves", "lamports_conserved")
OUTCOME_KEYS: Final = ("ok", "error")
EXPECTED_ACCOUNT_KEYS: Final = ("lamports", "owner", "data", "executable")
RUNTIME_ERRORS: Final = (*InstructionErrors.__members__, *TransactionErrors.__members__)
NOTHING_EXPECTED: Final = Expectations(accounts={}, waves=None, lamports_conserved=None)


def read_outcome(value: Value) -> Outcome:
    """`{ok: true}`, `{ok: false}`, `{error: Name}` or `{error: program.Name}`."""
    fields = mapping(value, OUTCOME_KEYS)
    if len(fields) != 1:
        raise Misfit("expected one of `ok` and `error`; write {ok: true} or {error: Name}")
    if "ok" in fields:
        return Outcome(at("ok", boolean, fields["ok"]))
    return at("error", _error, fields["error"])


def _error(value: Value) -> Outcome:
    word = name(value)
    program, dot, error = word.rpartition(".")
    if dot and not (program and error):
        raise Misfit(f"'{shown(word)}' names no error; write `program.Name`, or a runtime error")
    if not dot and error not in RUNTIME_ERRORS:
        raise Misfit(
            f"'{shown(error)}' is no error of the runtime (a program's own is written "
            f"`program.Name`){suggestion(error, RUNTIME_ERRORS)}"
        )
    return Outcome(False, program or None, error)


def read_expectations(value: Value) -> Expectations:
    fields = mapping(value, EXPECT_KEYS)
    return Expectations(
        accounts=field(fields, "accounts", _expected_accounts, {}),
        waves=field(fields, "waves", _waves, None),
        lamports_conserved=field(fields, "lamports_conserved", boolean, None),
    )


def check_wave_ids(expect: Expectations, known: Collection[str]) -> None:
    """Refuse waves that name an unknown id, or one id twice. Raises Misfit under `expect`."""
    seen: set[str] = set()
    for position, wave in enumerate(expect.waves or ()):
        for place, identity in enumerate(wave):
            pointer = ("expect", "waves", position, place)
            if identity not in known:
                raise Misfit(
                    f"no transaction has the id '{shown(identity)}'{suggestion(identity, known)}",
                    *pointer,
                )
            if identity in seen:
                raise Misfit(
                    f"'{shown(identity)}' stands in the waves twice; name it once", *pointer
                )
            seen.add(identity)


def _waves(value: Value) -> tuple[tuple[str, ...], ...]:
    return each(lambda wave: each(name, wave), value)


def _expected_accounts(value: Value) -> dict[str, ExpectedAccount]:
    accounts = any_mapping(value)
    return {at(key, name, key): at(key, _expected_account, accounts[key]) for key in accounts}


def _expected_account(value: Value) -> ExpectedAccount:
    fields = mapping(value, EXPECTED_ACCOUNT_KEYS)
    return ExpectedAccount(
        lamports=field(fields, "lamports", integer, None),
        owner=field(fields, "owner", name, None),
        data=field(fields, "data", _expected_data, None),
        executable=field(fields, "executable", boolean, None),
    )


def _expected_data(value: Value) -> bytes | LayoutData:
    """As an account's data; null expects none, and a layout need not be named again."""
    return b"" if value is None else read_data(value, needs_layout=False)
