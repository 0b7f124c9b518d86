"""What lint finds in fixtures: every kind, nothing else, and at the price of two plans."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sealane
from sealane.analysis.lint import Finding, Kind, Lint, Mend, lint
from sealane.cli.inputs.known_programs import import_program
from sealane.primitives import UsageError

from .by_hand import Deeds, Document, acting, executed, fixture, loaded, mended, planned, raw
from .probe import LETTERS, Deed

FIXTURES = Path(__file__).parents[3] / "fixtures"
READ, WRITE, KEEP = Deed


def linted(*transactions: Document, **changes: object) -> Lint:
    return lint(loaded(fixture(*transactions, **changes)))


def told(result: Lint) -> list[tuple[str, str | None, str]]:
    return sorted((f.transaction, f.account or "", f.kind.value) for f in result.findings)


@pytest.mark.parametrize(
    ("declared", "deeds", "kind"),
    [
        ({"a": True}, [("a", READ)], Kind.UNNEEDED_WRITE),
        ({"a": True}, [], Kind.UNNEEDED_ACCOUNT),
        ({"a": False}, [], Kind.UNNEEDED_ACCOUNT),
        ({}, [("a", READ)], Kind.UNDECLARED_READ),
        ({}, [("a", WRITE)], Kind.UNDECLARED_WRITE),
        ({"a": False}, [("a", WRITE)], Kind.UNDECLARED_WRITE),
        ({"a": False}, [("a", KEEP)], Kind.UNDECLARED_WRITE),
    ],
)
def test_each_kind(declared: dict[str, bool], deeds: Deeds, kind: Kind) -> None:
    (finding,) = linted(acting(declared, deeds)).findings
    assert (finding.transaction, finding.account, finding.kind) == ("t0", "a", kind)
    assert finding.mend is Mend.DECLARATION


@pytest.mark.parametrize(
    ("declared", "deeds"),
    [
        ({"a": True}, [("a", WRITE)]),
        ({"a": True}, [("a", KEEP)]),  # the same value, but a write all the same
        ({"a": False}, [("a", READ)]),
    ],
)
def test_what_is_touched_as_declared_is_no_finding(declared: dict[str, bool], deeds: Deeds) -> None:
    result = linted(acting(declared, deeds))
    assert result.findings == ()
    assert result.unknown == ()


def test_all_that_a_transaction_lacks_is_found_and_not_only_the_first() -> None:
    result = linted(acting({"b": False}, [("a", READ), ("b", WRITE), ("c", KEEP), ("d", READ)]))
    assert told(result) == [
        ("t0", "a", "undeclared-read"),
        ("t0", "b", "undeclared-write"),
        ("t0", "c", "undeclared-write"),
        ("t0", "d", "undeclared-read"),
    ]
    assert "would succeed once it is mended" in result.unknown[0].reason


def test_an_account_declared_twice_needs_the_stronger_right_once() -> None:
    """As in a Solana message, its right is the union of both."""
    twice = acting({"a": False}, [("a", WRITE)])
    twice["instructions"].append(raw({"a": True}, bytes((0, 0, READ))))
    assert linted(twice).findings == ()
    idle = acting({"a": True}, [("a", READ)])
    idle["instructions"].append(raw({"a": True}, b"\x00"))
    assert told(linted(idle)) == [("t0", "a", "unneeded-write")]


def test_an_instruction_without_an_account_that_another_declares_costs_nothing() -> None:
    both = acting({"a": True}, [("a", WRITE)])
    both["instructions"].append(raw({}, bytes((0, 0, WRITE))))
    result = linted(both, acting({"a": True}, [("a", WRITE)]))
    (finding,) = result.findings
    assert (finding.account, finding.kind) == ("a", Kind.UNDECLARED_READ)
    assert finding.saved == (0, 0)


def test_the_payer_and_signers_are_never_unneeded() -> None:
    metas = [{"key": "pat", "signer": True, "writable": True}, {"key": "sue", "signer": True}]
    memo = {"program": "memo", "accounts": metas, "data": "hex:6869"}
    probed: Document = {**acting({}, []), "payer": "pat"}
    probed["instructions"][0]["accounts"] = metas
    assert linted({"payer": "pat", "instructions": [memo]}, probed).findings == ()


def test_a_signer_need_not_be_writable() -> None:
    probed: Document = {**acting({}, []), "payer": "pat"}
    probed["instructions"][0]["accounts"] = [{"key": "sue", "signer": True, "writable": True}]
    assert told(linted(probed)) == [("t0", "sue", "unneeded-write")]


def test_programs_and_sysvars_are_never_unneeded() -> None:
    declared = {"clock": False, "rent": True, "token": False, "system": True}
    assert linted(acting(declared, [])).findings == ()


def test_what_nobody_can_write_is_not_undeclared_either() -> None:
    """A sysvar that is declared writable is locked read-only, whatever is declared."""
    result = linted({"instructions": [{"probe.tip": {"target": "clock"}}]})
    assert result.findings == ()
    assert result.unknown[0].reason.startswith("failed with ReadonlyLamportChange")


def test_a_right_that_a_nested_call_claims_is_needed() -> None:
    passed = acting({"a": True, "b": False}, [("a", KEEP), ("b", READ)], tag=3)
    assert linted(passed).findings == ()


def test_what_a_nested_call_only_reads_need_not_be_writable() -> None:
    passed = acting({"a": True}, [("a", READ)], tag=3)
    assert told(linted(passed)) == [("t0", "a", "unneeded-write")]


def test_a_nested_call_lacks_what_its_caller_lacks() -> None:
    passed = acting({"b": False}, [("a", READ), ("b", WRITE)], tag=3)
    assert told(linted(passed)) == [("t0", "a", "undeclared-read"), ("t0", "b", "undeclared-write")]


def test_a_signature_that_says_too_much_is_mended_in_the_program() -> None:
    """`note` writes its target where it holds something else than zero: here it does not."""
    call = {"probe.note": {"target": "a", "beside": "b"}}
    zero = {"lamports": 1, "owner": "probe", "data": "hex:00"}
    beside = {"lamports": 1}
    result = linted({"instructions": [call]}, accounts={"a": zero, "b": beside})
    assert told(result) == [("t0", "a", "unneeded-write"), ("t0", "b", "unneeded-account")]
    assert {finding.mend for finding in result.findings} == {Mend.PROGRAM}
    needed = linted({"instructions": [call]}, accounts={"a": {**zero, "data": "hex:01"}})
    assert told(needed) == [("t0", "b", "unneeded-account")]


def test_a_signature_that_says_too_little_is_mended_in_the_program() -> None:
    (finding,) = linted({"instructions": [{"probe.forget": {"target": "a"}}]}).findings
    assert (finding.kind, finding.mend) == (Kind.UNDECLARED_WRITE, Mend.PROGRAM)


def test_too_few_accounts_are_found_by_the_signature() -> None:
    result = linted({"instructions": [raw({}, b"\x01")]})
    assert [(f.account, f.kind, f.saved) for f in result.findings] == [
        (None, Kind.UNDECLARED_WRITE, None),
        (None, Kind.UNDECLARED_READ, None),
    ]
    assert "probe.note takes 'target', which is not declared" in result.findings[0].reason
    assert result.to_dict()["findings"][0]["waves_saved"] is None


def test_a_failed_transaction_is_said_not_to_be_known() -> None:
    broke = {
        "payer": "poor",
        "instructions": [
            {"system.transfer": {"source": "poor", "destination": "a", "lamports": 5}}
        ],
    }
    result = linted(broke, acting({"a": True}, [("a", READ)]))
    assert told(result) == [("t1", "a", "unneeded-write")]
    (unknown,) = result.unknown
    assert (unknown.transaction, unknown.writes) == ("t0", 1)
    assert unknown.reason.startswith("failed with system.ResultWithNegativeLamports")
    assert (result.writes, result.writes_unknown) == (2, 1)


def test_one_that_is_refused_before_it_runs_is_not_known() -> None:
    result = linted({**acting({"a": True}, []), "payer": "poor", "fee": 5_000})
    assert result.findings == ()
    assert result.unknown[0].reason.startswith("failed with AccountNotFound")


def test_what_an_undeclared_account_holds_is_what_it_held_then() -> None:
    """The trial of t1 must see what t0 wrote, and not what t2 will write."""
    writing = acting({"a": True}, [("a", WRITE)])
    copying = {"instructions": [raw({}, bytes((4,)))]}
    result = linted(writing, copying, writing)
    (finding,) = result.findings
    assert finding.kind is Kind.UNDECLARED_READ
    assert "would succeed" in result.unknown[0].reason


def test_plan_only_transactions_cannot_be_linted() -> None:
    block = sealane.load(b"{sealane: 1, transactions: [{id: look, reads: [a]}]}")
    with pytest.raises(UsageError, match=r"'look' names only its locks: .*cannot be linted"):
        lint(block)


def test_a_pickled_block_says_to_load_it_again() -> None:
    block = pickle.loads(pickle.dumps(sealane.load(FIXTURES / "chain.yaml")))
    with pytest.raises(UsageError, match="load the file again"):
        lint(block)


#  ann, ben, cat each write x, and none needs it:    W ── W ── W
#  one of them mended still stands between the others, all of them mended wait for nobody
def test_what_one_saves_and_what_all_save() -> None:
    document = fixture(*[acting({"a": True, x: True}, [(x, WRITE)]) for x in "bcd"])
    del document["transactions"][1]["instructions"][0]["accounts"][0]["writable"]
    document["transactions"][1]["instructions"][0]["data"] = "hex:0000000201"  # reads a, too
    document["transactions"][1]["cost"] = 5
    result = lint(loaded(document))
    assert [(f.transaction, f.account, f.saved) for f in result.findings] == [
        ("t0", "a", (1, 1)),
        ("t2", "a", (1, 1)),
    ]
    assert result.total == (2, 2)
    (account,) = result.accounts
    assert account == ("a", 2, (2, 2))
    assert result.to_dict()["if_all_mended"] == {
        "waves_saved": 2,
        "critical_path_saved": 2,
        "waves": 1,
        "critical_path_cost": 5,
    }


DEEDS = st.lists(
    st.tuples(st.sampled_from(LETTERS), st.sampled_from([READ, READ, WRITE, KEEP])), max_size=3
)
DECLARED = st.dictionaries(st.sampled_from(LETTERS), st.booleans(), max_size=4)


@st.composite
def probing(draw: st.DrawFn) -> tuple[dict[str, bool], Deeds, int]:
    """A transaction's declarations, its deeds, and what it costs; half declare what they do."""
    deeds, declared = draw(DEEDS), draw(DECLARED)
    if draw(st.booleans()):
        for letter, deed in deeds:
            declared[letter] = declared.get(letter, False) or deed != READ
    return declared, deeds, draw(st.integers(1, 5))


def expected(declared: dict[str, bool], deeds: Deeds) -> dict[str, Kind]:
    """What is wrong with these declarations, said without running anything."""
    touched: dict[str, bool] = {}
    for letter, deed in deeds:
        touched[letter] = touched.get(letter, False) or deed != READ
    lacking = {
        letter: Kind.UNDECLARED_WRITE if write else Kind.UNDECLARED_READ
        for letter, write in touched.items()
        if letter not in declared or (write and not declared[letter])
    }
    excess = {
        letter: Kind.UNNEEDED_WRITE if letter in touched else Kind.UNNEEDED_ACCOUNT
        for letter, write in declared.items()
        if letter not in touched or (write and not touched[letter])
    }
    return lacking or excess


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.lists(probing(), max_size=7))
def test_findings_are_true_and_cost_the_difference_of_two_plans(
    block: list[tuple[dict[str, bool], Deeds, int]],
) -> None:
    document = fixture(*[{**acting(d, deeds), "cost": cost} for d, deeds, cost in block])
    result = lint(loaded(document))
    wanted = [
        (f"t{n}", letter, kind.value)
        for n, (declared, deeds, _) in enumerate(block)
        for letter, kind in expected(declared, deeds).items()
    ]
    assert told(result) == sorted(wanted)
    check_prices(document, result)
    check_outcomes(document, result)


def check_prices(document: Document, result: Lint) -> None:
    waves, cost = planned(document)
    for findings, saved in [
        *[([finding], finding.saved) for finding in result.findings],
        *[(_unneeded_on(result, each.account), each.saved) for each in result.accounts],
        (result.findings, result.total),
    ]:
        mended_waves, mended_cost = planned(mended(document, findings))
        assert saved == (waves - mended_waves, cost - mended_cost)


def _unneeded_on(result: Lint, account: str) -> list[Finding]:
    return [finding for finding in result.unneeded if finding.account == account]


def check_outcomes(document: Document, result: Lint) -> None:
    """What is unneeded is mended, one by one and all at once: nothing comes out otherwise."""
    usual = executed(document)
    for findings in [*[[finding] for finding in result.unneeded], list(result.unneeded)]:
        assert executed(mended(document, findings)) == usual


def fixture_files() -> list[Path]:
    return sorted(FIXTURES.glob("*.yaml"))


@pytest.mark.parametrize("path", fixture_files(), ids=lambda path: path.stem)
def test_fixtures_that_succeed_declare_all_that_they_touch(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(FIXTURES)
    block = sealane.load(path, programs=[import_program("counter:counter")])
    result = lint(block)
    with block.runtime(workers=0) as runtime:
        receipts = runtime.execute(block.block).transactions
    failed = {receipt.id for receipt in receipts if not receipt.ok}
    assert {finding.transaction for finding in result.undeclared} <= failed
    assert not {finding.transaction for finding in result.unneeded} & failed
    assert {unknown.transaction for unknown in result.unknown} == failed


@pytest.mark.parametrize("shape", ["uniform", "zipf", "hot", "chain"])
def test_generated_workloads_declare_exactly_what_they_touch(shape: str) -> None:
    generated = {"program": "system.transfer", "n": 60, "accounts": 12, "shape": shape}
    result = lint(sealane.load(json.dumps({"sealane": 1, "generate": generated}).encode()))
    assert (result.findings, result.unknown) == ((), ())
