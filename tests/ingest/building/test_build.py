"""Fixtures as blocks: names, calls and layouts resolved, and every name that nobody knows."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path

import numpy as np
import pytest

from sealane.ingest.building.build import BuiltFixture, build_fixture
from sealane.ingest.fixture.model import FixtureFile
from sealane.ingest.fixture.workload import SHAPES, WorkloadSpec
from sealane.ingest.fixture.workload_lines import workload_lines
from sealane.ingest.read_input import read_input
from sealane.primitives import Account, InputError, Pubkey
from sealane.programs import Errors, Layout, Mut, Program, Signer, UncheckedAccount, u64
from sealane.programs.kit.program.program_set import ProgramSet
from sealane.programs.library.system import system


class Mood(Enum):
    calm = 0
    busy = 1


class CounterState(Layout):
    authority: Pubkey
    count: u64
    mood: Mood


class CounterError(Errors):
    WrongAuthority = 1, "the signer is not this counter's authority"


counter = Program("counter", errors=CounterError, layouts=[CounterState])


@counter.instruction(tag=0)
def increment(state: Mut[CounterState], authority: Signer, by: u64) -> None:
    state.count += by


@counter.instruction(tag=1)
def touch(accounts: list[Mut[UncheckedAccount]], heir: Pubkey) -> None:
    """Locks whatever it is given."""


PROGRAMS = ProgramSet([system, counter])
Build = Callable[[str], BuiltFixture]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def built(text: str, name: str = "test.yaml") -> BuiltFixture:
        path = tmp_path / name
        path.write_text(text)
        fixture = read_input(path)
        assert isinstance(fixture, FixtureFile)
        return build_fixture(fixture, PROGRAMS)

    return built


TEXT = """\
sealane: 1
accounts:
  alice: {lamports: 10}
  tally:
    lamports: 5
    owner: counter
    data: {layout: counter.CounterState, authority: alice, count: "1_000", mood: busy}
  code: {owner: system, data: "hex:0102", executable: true}
transactions:
  - id: count
    payer: alice
    instructions:
      - counter.increment: {state: tally, authority: bob, by: 2}
      - counter.touch: {accounts: [carol, tally], heir: dora}
  - instructions:
      - program: counter
        accounts: [{key: tally, writable: true}, {key: bob, signer: true}]
        data: "hex:000200000000000000"
    cost: 7
  - {writes: [alice], reads: [erin], fee: 9}
expect: {accounts: {frank: {lamports: 0}}}
fee: {lamports_per_signature: 5000}
"""


def test_accounts_are_encoded_by_their_layouts(build: Build) -> None:
    assert build(TEXT).accounts == {
        Pubkey.of("alice"): Account(10),
        Pubkey.of("tally"): Account(
            5,
            counter.id,
            Pubkey.of("alice") + (1000).to_bytes(8, "little") + b"\1",
        ),
        Pubkey.of("code"): Account(0, system.id, b"\1\2", True),
    }


def test_every_account_named_anywhere_is_known_in_order_and_programs_are_not(build: Build) -> None:
    names = ["alice", "tally", "code", "bob", "carol", "dora", "erin", "frank"]
    assert list(build(TEXT).names.by_key.values()) == names


def test_the_block(build: Build) -> None:
    block = build(TEXT).block
    keys = [Pubkey.of(name) for name in ("alice", "tally", "bob", "carol", "erin")]
    assert list(block.keys) == keys
    assert block.ids == ("count", "t1", "t2")
    assert block.access.offsets.tolist() == [0, 4, 6, 8]
    assert block.access.accounts.tolist() == [0, 1, 2, 3, 2, 1, 0, 4]
    assert block.access.writes.tolist() == [True, True, False, True, True, True, True, False]
    assert block.payers.tolist() == [
        0,
        2,
        -1,
    ]  # the second by its first signer, who leads its locks
    assert block.fees.tolist() == [10_000, 5_000, 9]
    assert block.costs.tolist() == [1, 7, 1]
    assert list(block.program_ids) == [counter.id]
    assert bytes(block.instructions.data) == bytes.fromhex(
        "000200000000000000" + "01" + Pubkey.of("dora").hex() + "000200000000000000"
    )


def test_an_owner_that_is_called_later_is_an_account_then(build: Build) -> None:
    text = """\
sealane: 1
accounts: {vault: {owner: boss}}
transactions:
  - instructions: [{counter.touch: {accounts: [boss, counter], heir: vault}}]
"""
    assert list(build(text).names.by_key.values()) == ["vault", "boss"]


def test_base58_and_a_name_of_one_key_are_one_account(build: Build) -> None:
    key = str(Pubkey.of("alice"))
    text = f"sealane: 1\naccounts: {{alice: }}\ntransactions: [{{writes: [alice, {key}]}}]\n"
    built = build(text)
    assert len(built.block.keys) == 1
    assert built.names.by_key == {Pubkey.of("alice"): "alice"}


def test_names_for_output(build: Build) -> None:
    names = build(TEXT).names
    assert names.shown(Pubkey.of("alice")) == "alice"
    assert names.shown(counter.id) == "counter"
    unnamed = Pubkey.of("nobody")
    assert names.shown(unnamed) == str(unnamed)


def test_plan_only_transactions_are_refused_only_when_run(build: Build) -> None:
    built = build(TEXT)
    with pytest.raises(InputError) as caught:
        built.require_runnable()
    assert str(caught.value) == (
        f"{built.fixture.path}:20: transactions[2]: 't2' names only its locks: it can be planned, "
        "not run; give it `instructions`"
    )


CALL = """\
sealane: 1
transactions:
  - instructions:
      - counter.increment:
          state: tally
          authority: bob
          by: 2
    expect: {error: counter.WrongAuthority}
"""
ACCOUNT = """\
sealane: 1
accounts:
  tally:
    owner: counter
    data:
      layout: counter.CounterState
      authority: alice
      count: 3
      mood: calm
"""
EXPECT = """\
sealane: 1
expect:
  accounts:
    tally:
      data: {layout: counter.CounterState}
"""


@pytest.mark.parametrize(
    ("text", "old", "new", "message"),
    [
        (
            CALL,
            "counter.increment:",
            "conter.increment:",
            "4: transactions[0].instructions[0]: no program is called 'conter' (your own needs "
            "--program module:attribute); did you mean 'counter'?",
        ),
        (
            CALL,
            "counter.increment:",
            "counter.incremnt:",
            "4: transactions[0].instructions[0]: the program counter has no instruction "
            "'incremnt'; did you mean 'increment'?",
        ),
        (
            CALL,
            "by: 2",
            "bye: 2",
            "7: transactions[0].instructions[0].counter.increment.bye: counter.increment has no "
            "'bye'; did you mean 'by'?",
        ),
        (
            CALL,
            "          by: 2\n",
            "",
            "4: transactions[0].instructions[0].counter.increment: counter.increment needs the "
            "argument 'by'",
        ),
        (
            CALL,
            "by: 2",
            "by: -1",
            "7: transactions[0].instructions[0].counter.increment.by: -1 is outside u64 "
            "[0, 18446744073709551615]",
        ),
        (
            CALL,
            "authority: bob",
            "authority: 7",
            "6: transactions[0].instructions[0].counter.increment.authority: expected the name "
            "of an account; write a name or base58",
        ),
        (
            CALL,
            "counter.WrongAuthority",
            "counter.WrongAuthorty",
            "8: transactions[0].expect.error: the program counter has no error 'WrongAuthorty' "
            "(the runtime's are written without a program); did you mean 'WrongAuthority'?",
        ),
        (
            CALL,
            "counter.WrongAuthority",
            "token.WrongAuthority",
            "8: transactions[0].expect.error: no program is called 'token' (your own needs "
            "--program module:attribute); known here: counter, system",
        ),
        (
            ACCOUNT,
            "counter.CounterState",
            "counter.CounterStat",
            "6: accounts.tally.data.layout: the program counter has no layout 'CounterStat'; "
            "did you mean 'CounterState'?",
        ),
        (
            ACCOUNT,
            "counter.CounterState",
            "conter.CounterState",
            "6: accounts.tally.data.layout: no program is called 'conter' (your own needs "
            "--program module:attribute); did you mean 'counter'?",
        ),
        (
            ACCOUNT,
            "count: 3",
            "cont: 3",
            "8: accounts.tally.data.cont: CounterState has no 'cont'; did you mean 'count'?",
        ),
        (
            ACCOUNT,
            "count: 3",
            "count: 18446744073709551616",
            "8: accounts.tally.data.count: 18446744073709551616 is outside u64 "
            "[0, 18446744073709551615]",
        ),
        (
            ACCOUNT,
            "authority: alice",
            "authority: ''",
            "7: accounts.tally.data.authority: '' is no name; a name has 1 to 200 printable "
            "characters",
        ),
        (
            ACCOUNT,
            "mood: calm",
            "mood: cross",
            "9: accounts.tally.data.mood: 'cross' is none of calm, busy",
        ),
        (
            EXPECT,
            "counter.CounterState",
            "counter.State",
            "5: expect.accounts.tally.data.layout: the program counter has no layout 'State'; "
            "did you mean 'CounterState'?",
        ),
    ],
)
def test_unknown_names_are_reported_with_their_line(
    build: Build, tmp_path: Path, text: str, old: str, new: str, message: str
) -> None:
    build(text)
    assert old in text
    with pytest.raises(InputError) as caught:
        build(text.replace(old, new))
    assert str(caught.value) == f"{tmp_path / 'test.yaml'}:{message}"


def test_an_endless_integer_in_a_call_is_a_plain_error(build: Build) -> None:
    with pytest.raises(InputError, match=r"test\.yaml:7: .*\.by: "):
        build(CALL.replace("by: 2", f'by: "{"9" * 5000}"'))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_generated_block_is_the_one_that_its_file_gives(tmp_path: Path, shape: str) -> None:
    spec = WorkloadSpec(n=50, accounts=100, shape=shape, seed=3)
    generated = tmp_path / "generated.yaml"
    generated.write_text(
        f"sealane: 1\ngenerate: {{n: 50, accounts: 100, shape: {shape}, seed: 3}}\n"
        "fee: {lamports_per_signature: 5}\n"
    )
    written = tmp_path / "written.jsonl"
    header, *lines = workload_lines(spec)
    header = header.replace("{", '{"fee":{"lamports_per_signature":5},', 1)
    written.write_text("\n".join([header, *lines]))
    blocks: list[BuiltFixture] = []
    for path in (generated, written):
        fixture = read_input(path)
        assert isinstance(fixture, FixtureFile)
        blocks.append(build_fixture(fixture, PROGRAMS))
    ours, theirs = (built.block for built in blocks)
    assert blocks[0].accounts == blocks[1].accounts
    assert blocks[0].names.by_key == blocks[1].names.by_key
    assert ours.ids == theirs.ids
    assert list(ours.keys) == list(theirs.keys)
    assert list(ours.program_ids) == list(theirs.program_ids)
    assert ours.programs == theirs.programs
    for name, column in ours.columns().items():
        other = theirs.columns()[name]
        assert column.dtype == other.dtype, name
        assert np.array_equal(column, other), name
    assert np.array_equal(ours.costs, theirs.costs)


def test_an_account_given_beside_a_workload_starts_as_given(build: Build) -> None:
    text = "sealane: 1\naccounts: {a1: {lamports: 5}}\ngenerate: {n: 1, accounts: 2}\n"
    accounts = build(text).accounts
    assert accounts[Pubkey.of("a1")] == Account(5)
    assert accounts[Pubkey.of("a0")].lamports > 5


def test_a_workload_without_transactions(build: Build) -> None:
    block = build("sealane: 1\ngenerate: {n: 0, accounts: 2}\n").block
    assert len(block) == 0
    assert len(block.keys) == 0
