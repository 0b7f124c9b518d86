"""Rows of FrobTest in vat.t.sol and of fork.t.sol: changes of positions, and who may make them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sealane.programs.library.stablecoin import RAD, WAD, Permission, stablecoin

from ..rows import CannotPlay, Played, Row
from .bank import ENOUGH, Bank, given, integer
from .names import reference_name

_NAMES = {"ali": "a", "bob": "b", "che": "c"}
_ME = "me"


def change(row: Row) -> Played:
    """Steps of the user `me`, or one change of a position by any caller."""
    return _steps(row) if "steps" in row.inputs else _one(row)


def fork(row: Row) -> Played:
    """A move of collateral and debt from one position to another, by ali."""
    inputs = row.inputs
    bank = Bank(inputs)
    _own(bank, "a", inputs["urn_a"])
    _own(bank, "b", inputs.get("urn_b", (0, 0)))
    allowed = _permit(bank, "b", "a") if inputs.get("b_hopes_a") else []
    call = stablecoin.fork(
        engine="engine",
        collateral_type="gold",
        source_shard="shard",
        destination_shard="shard",
        source=f"{inputs.get('src', 'a')}_urn",
        destination=f"{inputs.get('dst', 'b')}_urn",
        caller=_NAMES.get(str(inputs.get("caller", "a")), "a"),
        permissions=allowed,
        collateral=given(inputs, "dink", 0),
        debt=given(inputs, "dart", 0),
    )
    figures = _outcome(row, bank.send(call))
    for name in ("a", "b"):
        urn = bank.urn(name)
        figures |= {f"urn_{name}": [urn.collateral, urn.normalized_debt]}
    return Played(figures)


def _steps(row: Row) -> Played:
    bank = Bank(row.inputs)
    bank.user(_ME, gems=given(row.inputs, "gem", 1_000 * WAD))
    results = [_step(bank, step) for step in row.inputs["steps"]]
    urn = bank.urn(_ME)
    return Played(
        {
            "results": results,
            "ink": urn.collateral,
            "art": urn.normalized_debt,
            "gem": bank.gems(_ME),
            "dai": bank.coins(_ME),
        }
    )


def _step(bank: Bank, step: dict[str, Any]) -> bool | None:
    if "frob" in step:
        ink, art = step["frob"]
        return bank.frob(_ME, _ME, _ME, _ME, (integer(ink), integer(art))) is None
    setters = {"line": bank.set_line, "spot": bank.set_spot, "dust": bank.set_dust}
    for key, value in step.items():
        setter = setters.get(key.removeprefix("set_").removeprefix("file_"))
        if setter is not None:
            setter(integer(value))
            return None
    raise CannotPlay(f"the step {sorted(step)} is not known")


def _one(row: Row) -> Played:
    inputs = row.inputs
    bank = Bank(inputs)
    caller: str = _NAMES.get(inputs["caller"]) or inputs["caller"]
    _own(bank, "a", inputs.get("urn_a", (10 * WAD, 5 * WAD)))
    for name in ("b", "c"):
        bank.user(name, gems=ENOUGH, coins=RAD)
    allowed = _permit(bank, "a", "b") if inputs.get("a_hopes_bob") else []
    owner = inputs.get("u", "a")
    payer, receiver = inputs.get("v", caller), inputs.get("w", caller)
    amounts = given(inputs, "dink", 0), given(inputs, "dart", 0)
    error = bank.frob(caller, owner, payer, receiver, amounts, *allowed)
    return Played(_outcome(row, error))


def _own(bank: Bank, name: str, urn: Iterable[object]) -> None:
    """A position that drew its debt as coins."""
    ink, art = (integer(value) for value in urn)
    coins = art * bank.gold.rate
    bank.user(name, collateral=ink, debt=art, gems=ENOUGH, coins=coins)


def _permit(bank: Bank, grantor: str, grantee: str) -> list[str]:
    name = f"{grantor}_hopes_{grantee}"
    bank.vm.set_account(name, owner=stablecoin, data=bytes(Permission.layout_size))
    call = stablecoin.permit(engine="engine", permission=name, grantor=grantor, grantee=grantee)
    bank.done(call)
    return [name]


def _outcome(row: Row, error: str | None) -> dict[str, Any]:
    if error is not None and "ok" not in row.expect:
        return {"error": reference_name(error, row.expect.get("error"))}
    return {"ok": error is None}
