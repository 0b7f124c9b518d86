"""Fixtures through a runtime: what holds is counted, what does not is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sealane.ingest.fixture.model import FixtureFile
from sealane.ingest.read_input import read_input
from sealane.primitives import Account, InputError
from sealane.programs import Errors, Layout, Mut, Program, Pubkey, Signer, require, u64
from sealane.runtime import Runtime
from sealane.testing.checked_runs.fixture_run import FixtureRun, run_fixture


class CounterState(Layout):
    authority: Pubkey
    count: u64


class CounterError(Errors):
    WrongAuthority = 1, "the signer is not this counter's authority"


counter = Program("counter", errors=CounterError, layouts=[CounterState])


@counter.instruction(tag=0)
def increment(state: Mut[CounterState], authority: Signer, by: u64) -> None:
    require(state.authority == authority.key, CounterError.WrongAuthority)
    state.count += by


TEXT = """\
sealane: 1
accounts:
  alice: {lamports: 1_000_000_000}
  bob: {lamports: 500}
  tally: {lamports: 7, owner: counter, data: {layout: counter.CounterState, authority: alice}}
transactions:
  - id: count
    payer: alice
    instructions: [{counter.increment: {state: tally, authority: alice, by: 2}}]
    expect: {ok: true}
  - id: stranger
    payer: bob
    instructions: [{counter.increment: {state: tally, authority: bob, by: 9}}]
    expect: {error: counter.WrongAuthority}
  - id: poor
    payer: bob
    instructions: [{system.transfer: {source: bob, destination: alice, lamports: 501}}]
    expect: {ok: false}
  - id: readonly
    payer: alice
    instructions:
      - program: counter
        accounts: [{key: tally}, {key: alice, signer: true}]
        data: "hex:000100000000000000"
    expect: {error: ReadonlyDataModified}
expect:
  accounts:
    alice: {lamports: 1_000_000_000, owner: system, data: null, executable: false}
    bob: {lamports: 500}
    tally:
      owner: counter
      data: {authority: alice, count: 2}
    nobody: {lamports: 0}
  waves: [[count], [stranger], [poor], [readonly]]
  lamports_conserved: true
"""

Run = Callable[[str], FixtureRun]


@pytest.fixture
def runtime() -> Iterator[Runtime]:
    with Runtime(workers=0, programs=[counter]) as runtime:
        yield runtime


@pytest.fixture
def run(tmp_path: Path, runtime: Runtime) -> Run:
    def ran(text: str) -> FixtureRun:
        path = tmp_path / "test.yaml"
        path.write_text(text)
        fixture = read_input(path)
        assert isinstance(fixture, FixtureFile)
        return run_fixture(fixture, runtime)

    return ran


def test_all_that_is_expected_holds(run: Run) -> None:
    ran = run(TEXT)
    assert ran.check.failed == []
    assert ran.check.passed == 4 + (4 + 1 + 3 + 1) + 1 + 1
    assert list(ran.accounts) == ["alice", "bob", "tally", "nobody"]
    assert ran.accounts["bob"] == Account(500)
    assert ran.accounts["nobody"] == Account(0)


def test_without_expectations_nothing_is_compared(run: Run) -> None:
    ran = run(
        "sealane: 1\ntransactions: [{instructions: [{counter.increment: "
        "{state: tally, authority: alice, by: 1}}]}]\n"
    )
    assert not ran.result.ok
    assert (ran.check.passed, ran.check.failed) == (0, [])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "by: 2}}]\n    expect: {ok: true}",
            "by: 2}}]\n    expect: {error: CallDepth}",
            "10: transactions[0].expect: count: expected the error CallDepth, it succeeded",
        ),
        (
            "{error: counter.WrongAuthority}",
            "{ok: true}",
            "14: transactions[1].expect: stranger: expected success, it failed with "
            "counter.WrongAuthority in instruction 0: the signer is not this counter's authority",
        ),
        (
            "{error: counter.WrongAuthority}",
            "{error: CallDepth}",
            "14: transactions[1].expect: stranger: expected the error CallDepth, it failed with "
            "counter.WrongAuthority in instruction 0: the signer is not this counter's authority",
        ),
        (
            "by: 2}}]\n    expect: {ok: true}",
            "by: 2}}]\n    expect: {ok: false}",
            "10: transactions[0].expect: count: expected an error, it succeeded",
        ),
        (
            "bob: {lamports: 500}\n    tally:",
            "bob: {lamports: 1_500}\n    tally:",
            "29: expect.accounts.bob.lamports: expected 1,500, found 500",
        ),
        (
            "      owner: counter",
            "      owner: token",
            "31: expect.accounts.tally.owner: expected token, found counter",
        ),
        (
            "data: null, executable: false",
            'data: "hex:00", executable: false',
            "28: expect.accounts.alice.data: expected hex:00, found no data",
        ),
        (
            "data: null, executable: false",
            "data: null, executable: true",
            "28: expect.accounts.alice.executable: expected true, found false",
        ),
        (
            "count: 2}",
            "count: 3}",
            "32: expect.accounts.tally.data.count: expected 3, found 2",
        ),
        (
            "{authority: alice, count: 2}",
            "{authority: bob, count: 2}",
            "32: expect.accounts.tally.data.authority: expected bob, found alice",
        ),
        (
            "count: 2}",
            "cont: 2}",
            "32: expect.accounts.tally.data.cont: CounterState has no field 'cont'; "
            "did you mean 'count'?",
        ),
        (
            "count: 2}",
            "count: two}",
            "32: expect.accounts.tally.data.count: 'two' is no integer: write plain "
            "decimal digits, with no leading zero and `_` only between them",
        ),
        (
            "nobody: {lamports: 0}",
            "nobody: {data: {count: 0}}",
            "33: expect.accounts.nobody.data: 0 bytes owned by system have no layout that is "
            "known; name it: `layout: program.Layout`",
        ),
        (
            "nobody: {lamports: 0}",
            "nobody: {data: {layout: counter.CounterState, count: 0}}",
            "33: expect.accounts.nobody.data: 0 bytes hold no CounterState",
        ),
        (
            "[stranger], [poor]",
            "[stranger, poor]",
            "34: expect.waves[1]: expected [stranger, poor], found [stranger]",
        ),
        (
            ", [readonly]",
            "",
            "34: expect.waves: expected 3 waves, found 4",
        ),
        (
            "lamports_conserved: true",
            "lamports_conserved: false",
            "35: expect.lamports_conserved: lamports were expected to not be conserved: "
            "1,000,000,507 before, 1,000,000,507 after and 0 in fees differ by 0",
        ),
    ],
)
def test_what_does_not_hold_is_told_with_its_line(
    run: Run, tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert TEXT.count(old) == 1
    assert run(TEXT.replace(old, new)).check.failed == [f"{tmp_path / 'test.yaml'}:{message}"]


def test_order_within_a_wave_does_not_matter(run: Run) -> None:
    text = """\
sealane: 1
accounts: {a: {lamports: 5}, b: {lamports: 5}}
transactions:
  - instructions: [{system.transfer: {source: a, destination: c, lamports: 1}}]
  - instructions: [{system.transfer: {source: b, destination: d, lamports: 1}}]
expect: {waves: [[t1, t0]]}
"""
    assert run(text).check.failed == []


def test_fees_count_as_conserved(run: Run) -> None:
    text = """\
sealane: 1
accounts: {a: {lamports: 100_000}}
fee: {lamports_per_signature: 5000}
transactions:
  - instructions: [{system.transfer: {source: a, destination: b, lamports: 60_000}}]
  - {fee: 7, instructions: [{system.transfer: {source: b, destination: a, lamports: 1}}]}
expect:
  accounts: {a: {lamports: 35_001}, b: {lamports: 59_992}}
  lamports_conserved: true
"""
    ran = run(text)
    assert ran.check.failed == []
    assert ran.check.passed == 3


def test_a_plain_account_keeps_what_it_has(run: Run, runtime: Runtime) -> None:
    runtime.set_account("bob", lamports=70)
    ran = run("sealane: 1\naccounts: {bob: {}}\n")
    assert ran.accounts["bob"].lamports == 70


def test_nothing_is_put_in_place_by_a_fixture_that_cannot_run(run: Run, runtime: Runtime) -> None:
    with pytest.raises(InputError, match="names only its locks"):
        run("sealane: 1\naccounts: {alice: {lamports: 5}}\ntransactions: [{writes: [alice]}]\n")
    assert runtime.account("alice").lamports == 0


def test_generated_transfers_all_succeed(run: Run) -> None:
    ran = run(
        "sealane: 1\ngenerate: {n: 500, accounts: 40, zipf: 1.1, seed: 7}\n"
        "fee: {lamports_per_signature: 5000}\nexpect: {lamports_conserved: true}\n"
    )
    assert ran.result.ok
    assert ran.check.passed == 1
    assert len(ran.accounts) == 40


RENT_STATES = """\
sealane: 1
accounts: {alice: {lamports: 1_000_000_000}, bob: {lamports: 1_000_000_000}}
transactions:
  - id: new-account-too-poor
    payer: alice
    instructions: [{system.transfer: {source: alice, destination: newcomer, lamports: 100}}]
  - id: source-left-too-poor
    payer: alice
    instructions: [{system.transfer: {source: bob, destination: alice, lamports: 999_999_900}}]
  - id: created-too-poor
    payer: alice
    instructions:
      - system.create_account:
          {source: alice, account: fresh, lamports: 1000, space: 10, owner: token}
"""


@pytest.mark.parametrize(
    ("rules", "error"),
    [
        ("", None),
        ("rules: {}\n", None),
        ("rules: {rent: false}\n", None),
        ("rules: {rent: true}\n", "InsufficientFundsForRent"),
    ],
)
def test_a_fixture_says_whether_rent_states_are_checked(
    rules: str, error: str | None, run: Run, runtime: Runtime
) -> None:
    receipts = run(RENT_STATES + rules).result.transactions
    assert [receipt.error and receipt.error.name for receipt in receipts] == [error] * 3
    assert not runtime.rent  # the next fixture says for itself
    assert receipts[0].ok == (runtime.account("newcomer").lamports == 100)


def test_a_runtime_that_checks_rent_states_does_so_for_every_fixture(
    run: Run, runtime: Runtime
) -> None:
    runtime.rent = True
    assert not run(RENT_STATES + "rules: {rent: false}\n").result.ok
    assert runtime.rent
