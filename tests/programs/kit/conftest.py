"""Runs one handler as the only instruction of one transaction, by the serial oracle."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any, NamedTuple, cast

import pytest

from sealane import Account, Failure, Pubkey, Receipt, Runtime, Transaction
from sealane.programs import Layout, Program

OWN_DATA = bytes(range(1, 9))


class Outcome(NamedTuple):
    """What became of the transaction, and its accounts by name."""

    receipt: Receipt
    accounts: Mapping[str, Account]

    @property
    def error(self) -> Failure:
        assert self.receipt.error is not None
        return self.receipt.error


class Probe:
    """A program of one instruction, with accounts in place by the names of its parameters.

    Names that begin with `mine` belong to the program and hold OWN_DATA; those with `theirs`
    belong to another and hold the same; all others are the system program's. Each has 100 lamports.
    """

    def __init__(self, layouts: Sequence[type[Layout]]) -> None:
        self._layouts = layouts

    def __call__(
        self,
        handler: Callable[..., None],
        *others: Program,
        keys: Mapping[str, str] | None = None,
        data: Mapping[str, bytes | Layout] | None = None,
        **arguments: Any,
    ) -> Outcome:
        program = Program("probe", layouts=self._layouts)
        spec = program.instruction(tag=0)(handler)
        names = {p.name: (keys or {}).get(p.name, p.name) for p in spec.accounts}
        with Runtime(workers=0, programs=[program, *others]) as runtime:
            for name in dict.fromkeys(names.values()):
                owner = {"mine": "probe", "theirs": "other"}.get(name.rstrip("_123"), "system")
                content = (data or {}).get(name, b"" if owner == "system" else OWN_DATA)
                runtime.set_account(name, lamports=100, owner=owner, data=content)
            before = {name: runtime.account(name) for name in names.values()}
            call = spec(**names, **arguments)
            (receipt,) = runtime.execute([Transaction([call])]).transactions
            after = {name: runtime.account(name) for name in names.values()}
        if not receipt.ok:
            assert after == before, "a failed transaction left something behind"
        return Outcome(receipt, after)


@pytest.fixture
def probe(request: pytest.FixtureRequest) -> Probe:
    """Its program lists the layouts that the test's module declares."""
    found = vars(cast(ModuleType, request.module))
    declared = [value for value in found.values() if isinstance(value, type)]
    own = [value for value in declared if value.__module__ == found["__name__"]]
    return Probe([value for value in own if issubclass(value, Layout)])


@pytest.fixture
def keep() -> dict[str, Any]:
    """Where a handler keeps what it should not keep."""
    return {}


def key(name: str) -> Pubkey:
    return Pubkey.of(name)
