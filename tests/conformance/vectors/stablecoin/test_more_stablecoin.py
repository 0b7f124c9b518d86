"""Further cases of the suites that the stablecoin's rows are from, in the form of rows.

Maker's vat.t.sol, fork.t.sol, jug.t.sol, pot.t.sol, clip.t.sol; Liquity's FeeArithmeticTest.
"""

from __future__ import annotations

from typing import Any

import pytest

from ..adapters.stablecoin import play
from ..compare import mismatches
from ..rows import Row

WAD, RAY, RAD = 10**18, 10**27, 10**45
DAILY_5, DAILY_LESS = 1_000000564701133626865910626, 999999706969857929985428567
CALLERS = {"a": "ali", "b": "bob", "c": "che"}
OK, REFUSED = {"ok": True}, {"ok": False}


def matches(inputs: dict[str, Any], expect: dict[str, Any]) -> None:
    row = Row("stablecoin", "case", "suite", inputs, expect)
    assert mismatches(row, play(row)) == []


@pytest.mark.parametrize(
    ("caller", "v", "w", "dink", "dart", "ok"),
    [
        *((n, n, n, 1, 0, True) for n in "abc"),  # anyone may lock
        *((*cvw, 1, 0, False) for cvw in ("aba", "bcb", "cac")),  # but only what is theirs
        *((n, n, n, -1, 0, n == "a") for n in "abc"),  # only the owner may free
        *(("a", v, "a", -1, 0, True) for v in "bc"),  # but to anywhere
        *((n, n, n, 0, 1, n == "a") for n in "abc"),  # only the owner may draw
        *(("a", "a", w, 0, 1, True) for w in "bc"),  # but to anywhere
        *((n, n, n, 0, -1, True) for n in "abc"),  # anyone may repay
        *((*cvw, 0, -1, False) for cvw in ("aab", "bbc", "cca")),  # but only with their own
    ],
)
def test_who_may_change_a_position(
    caller: str, v: str, w: str, dink: int, dart: int, ok: bool
) -> None:
    own = [10 * WAD, 5 * WAD]
    change = {"dink": dink * WAD, "dart": dart * WAD, "urn_a": own}
    places = {"caller": CALLERS[caller], "u": "a", "v": v, "w": w}
    matches({"model": "maker_vat"} | places | change, OK if ok else REFUSED)


@pytest.mark.parametrize("hopes", [False, True])
@pytest.mark.parametrize("caller", ["ali", "bob", "che"])
def test_who_may_draw_with_a_permission(caller: str, hopes: bool) -> None:
    inputs = {"model": "maker_vat", "caller": caller, "u": "a", "dart": WAD, "a_hopes_bob": hopes}
    matches(inputs, OK if caller == "ali" or (hopes and caller == "bob") else REFUSED)


@pytest.mark.parametrize(
    "steps",
    [
        [(6, 0, True), (-6, 0, True)],
        [(10, 5, True), (0, 6, False)],
        [
            (10, 10, True),
            *(("spot", RAY // 2), (0, 1, False), (0, -1, True), (-1, 0, False), (1, 0, True)),
            *(
                (-2, -4, False),
                (5, 1, False),
                (-1, -4, True),
                ("spot", RAY * 4 // 10),
                (5, 1, True),
            ),
        ],
        [
            (9, 1, True),
            *(("dust", 5 * RAD), (5, 2, False), (0, 5, True), (0, -5, False), (0, -6, True)),
        ],
    ],
)
def test_what_may_be_changed(steps: list[Any]) -> None:
    told = [
        {f"set_{step[0]}": str(step[1])}
        if isinstance(step[0], str)
        else {"frob": [str(step[0] * WAD), str(step[1] * WAD)]}
        for step in steps
    ]
    results = [None if isinstance(step[0], str) else step[2] for step in steps]
    matches({"model": "maker_vat", "steps": told}, {"results": results})


@pytest.mark.parametrize(
    ("dst", "dink", "dart", "hopes", "dust", "ok"),
    [
        *(("a", 8, 4, False, 0, True), ("a", 4, 2, False, 0, True), ("a", 9, 4, False, 0, False)),
        *(("b", 8, 4, False, 0, False), ("b", 8, 4, True, 0, True)),
        *(("b", 4, 3, True, 0, False), ("b", 4, 1, True, 0, False)),
        *(("b", 4, 2, True, RAD, True), ("b", 1, 0.5, True, RAD, False)),
    ],
)
def test_forks(dst: str, dink: int, dart: float, hopes: bool, dust: int, ok: bool) -> None:
    change = {"dink": dink * WAD, "dart": int(dart * 10) * WAD // 10, "dust": dust}
    places = {"op": "fork", "src": "a", "dst": dst, "b_hopes_a": hopes}
    own = {"spot": RAY // 2, "urn_a": [8 * WAD, 4 * WAD]}
    matches(places | change | own, OK if ok else REFUSED)


@pytest.mark.parametrize(
    ("days", "duty", "vow", "expected"),
    [
        (0, DAILY_5, 0, 0),
        (2, DAILY_5, 0, 1_025 * WAD // 100),
        (3, DAILY_LESS, 100 * WAD, 926_859_375 * WAD // 10**7),
    ],
)
def test_fees(days: int, duty: int, vow: int, expected: int) -> None:
    inputs = {"op": "drip", "art": 100 * WAD, "duty": duty, "seconds": days * 86_400}
    matches(inputs | {"vow_dai_wad": vow}, {"vow_dai_wad": expected})


def test_a_fee_of_a_rate_that_is_not_of_now() -> None:
    matches({"op": "file_duty", "rho_is_now": False}, {"error": "rho-not-updated"})
    matches({"op": "file_duty", "rho_is_now": True}, OK)


def test_a_power() -> None:
    inputs = {"op": "rpow", "x": 1_000234891009084238901289093, "n": 3_724}
    matches(inputs, {"result": 2_397991232255757 * 10**12, "tolerance": 10**17})


def test_savings_that_begin_late() -> None:
    matches({"op": "savings", "join": 100 * WAD, "wait_before": 86_400}, {"dai_wad": 100 * WAD})
    matches({"op": "file_dsr", "rho_is_now": False}, {"error": "rho-not-updated"})
    matches({"op": "file_dsr", "rho_is_now": True, "dsr": 1}, OK)


SALE = {"tab": 110 * RAD, "lot": 40 * WAD, "top": 5 * RAY}


@pytest.mark.parametrize(
    ("inputs", "expect"),
    [
        ({"amt": 22 * WAD}, {"taker_gem": 22 * WAD, "auction": "ended", "owner_gem": 978 * WAD}),
        ({"amt": 11 * WAD}, {"taker_dai": 945 * RAD, "tab": 55 * RAD, "Dirt": 55 * RAD}),
        ({"amt": 40 * WAD, "elapsed": 69, "max": RAY * 5 // 2}, {"taker_gem": 40 * WAD, "Dirt": 0}),
        ({"amt": 22 * WAD, "max": 4 * RAY}, {"error": "too-expensive"}),
        ({"amt": 18 * WAD}, {"tab": 22 * RAD, "lot": 224 * WAD // 10}),
        (
            {"amt": WAD, "auction": SALE | {"tab": 22 * RAD, "lot": 224 * WAD // 10}},
            {"error": "Clipper/no-partial-purchase"},
        ),
        ({"amt": WAD, "elapsed": 120}, {"error": "needs-reset"}),
        ({"amt": 40 * WAD, "stopped": 3}, {"error": "stopped-incorrect"}),
        ({"amt": 40 * WAD, "stopped": 2}, {"auction": "ended"}),
        ({"amt": 25 * WAD, "taker_dai": 0}, {"error": "fails"}),
        ({"op": "redo", "tau": 36_000, "elapsed": 3_600}, {"ok": False, "needs_redo": False}),
        ({"op": "redo", "tau": 36_000, "elapsed": 3_601}, {"ok": True, "tic": 604_414_801}),
        ({"op": "redo", "tau": 3_600, "elapsed": 1_800}, {"error": "cannot-reset"}),
        (
            {"op": "redo", "tau": 3_600, "elapsed": 1_801, "feed_price": 3 * RAY},
            {"top": RAY * 375 // 100},
        ),
        ({"op": "redo", "tau": 36_000, "elapsed": 3_601, "stopped": 2}, {"ok": False}),
        ({"op": "redo", "id": 2}, {"error": "not-running-auction"}),
        ({"op": "kick", "tab": WAD, "lot": 2 * WAD}, {"ok": True}),
        ({"op": "kick", "tab": 0, "lot": 2 * WAD}, {"ok": False}),
        ({"op": "kick", "tab": WAD, "lot": 0}, {"error": "zero-lot"}),
        (
            {"steps": [{"take": {"amt": 10 * WAD}}, {"elapsed": 30, "take": {"amt": 30 * WAD}}]},
            {"auction": "ended", "Dirt": 0, "taker_dai": 890 * RAD},
        ),
        ({"op": "yank"}, {"auction": "ended", "Dirt": 0, "owner_gem": 1_000 * WAD}),
    ],
)
def test_auctions_at_a_falling_price(inputs: dict[str, Any], expect: dict[str, Any]) -> None:
    matches({"model": "maker_clipper", "op": "take", "auction": SALE} | inputs, expect)


@pytest.mark.parametrize(
    ("hole", "expect"),
    [
        (1_000 * RAD, {"tab": 110 * RAD, "lot": 40 * WAD, "top": 5 * RAY, "art": 0}),
        (75 * RAD, {"tab": 75 * RAD - RAY // 5}),
        (0, {"error": "liquidation-limit-hit"}),
    ],
)
def test_liquidation_at_a_falling_price(hole: int, expect: dict[str, Any]) -> None:
    matches({"model": "maker_clipper", "op": "bark", "Hole": hole}, expect)


@pytest.mark.parametrize(
    ("inputs", "expect"),
    [
        ({"chop": "1.1", "dunk": 111 * RAD}, {"ink": 0, "lot": 40 * WAD, "tab": 110 * RAD}),
        (
            {"chop": "1.1", "dunk": RAD * 825 // 10},
            {"art": 25 * WAD, "vow_sin": 75 * RAD, "lot": 30 * WAD},
        ),
        ({"dunk": 100 * RAD, "spot": 0}, {"error": "not-unsafe"}),
        ({"dunk": 100 * RAD, "spot": 3 * RAY}, {"error": "not-unsafe"}),
        ({"dunk": 100, "art": 15_000 * WAD}, {"error": "null-auction"}),
        ({"dunk": 100 * RAD, "ink": 1, "spot": 1}, {"ok": True}),
        ({"dunk": 50 * RAD, "ink": 1, "spot": 1}, {"error": "null-auction"}),
        (
            {"dunk": 75 * RAD, "box": 75 * RAD, "steps": [{"bite": 1}] * 2},
            {"results": [True, False]},
        ),
    ],
)
def test_liquidation_by_bids(inputs: dict[str, Any], expect: dict[str, Any]) -> None:
    matches({"model": "maker_cat", "ink": 40 * WAD, "art": 100 * WAD} | inputs, expect)


@pytest.mark.parametrize(
    ("inputs", "expect"),
    [
        ({"op": "minutes_passed", "seconds": 3_599}, {"minutes": 59}),
        ({"op": "dec_pow", "base_1e18": WAD // 3, "exponent": 0}, {"result_1e18": WAD}),
        ({"op": "dec_pow", "base_1e18": WAD // 3, "exponent": 1}, {"result_1e18": WAD // 3}),
        ({"op": "dec_pow", "base_1e18": 0, "exponent": 77}, {"result_1e18": 0}),
        ({"op": "dec_pow", "base_1e18": WAD, "exponent": 525_600_000}, {"result_1e18": WAD}),
        (
            {"op": "decay_base_rate", "initial": "0.9976", "seconds": 1_179},
            {"base_rate_1e18": 979518388374781000, "tolerance_1e18": 10_000_000},
        ),
        (
            {"op": "dai_exit_join", "vat_dai": 100 * RAD, "exit": 60 * WAD, "join": 30 * WAD},
            {"token": 30 * WAD, "vat_dai": 70 * RAD},
        ),
    ],
)
def test_fees_of_redemption_and_gates(inputs: dict[str, Any], expect: dict[str, Any]) -> None:
    matches(inputs, expect)
