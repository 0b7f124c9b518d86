"""Whole files in: the contract's example, the three formats, recognition, limits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import pytest
import yaml

from sealane.ingest.files.values import (
    ACCOUNT_DATA_LEN_MAX,
    NAME_LEN_MAX,
)
from sealane.ingest.fixture.model import (
    AccountSpec,
    Call,
    ExpectedAccount,
    FixtureFile,
    LayoutData,
    MetaSpec,
    Outcome,
    RawInstruction,
    TransactionSpec,
)
from sealane.ingest.fixture.workload import WorkloadSpec
from sealane.ingest.fixture.workload_lines import workload_lines
from sealane.ingest.read_input import read_input
from sealane.primitives import InputError
from sealane.primitives.integers import U64_MAX

from ..real_data import ENCODINGS, unpacked
from ..solana_blocks import read_solana

EXAMPLE = """\
sealane: 1
why: a payment, and one that must fail
accounts:
  alice: {lamports: 5_000_000_000}                 # owner defaults to the system program
  bob: {}
  alice_usdc:
    lamports: 2_039_280
    owner: token                                    # the program that owns the account
    data: {layout: token.Account, mint: usdc, owner: alice, amount: 1_000, state: initialized}
  raw: {lamports: 1, owner: token, data: "base64:AAAA"}
transactions:
  - id: pay
    payer: alice
    instructions:
      - token.transfer: {source: alice_usdc, destination: bob_usdc, authority: alice, amount: 400}
    expect: {error: token.InsufficientFunds}
  - id: raw-form
    payer: alice
    instructions:
      - program: system
        accounts: [{key: alice, signer: true, writable: true}, {key: bob, writable: true}]
        data: "hex:020000000100000000000000"
  - {id: plan-only, writes: [alice], reads: [bob], cost: 100}
  - {payer: bob, fee: 5000, instructions: [memo.write: ], expect: {ok: true}}
expect:
  accounts: {bob: {lamports: 1}, bob_usdc: {data: {amount: 400}}}
  waves: [[pay], [raw-form], [plan-only, t3]]
  lamports_conserved: true
fee: {lamports_per_signature: 5000}
"""


def loaded(path: Path, text: str) -> FixtureFile:
    path.write_text(text)
    fixture = read_input(path)
    assert isinstance(fixture, FixtureFile)
    return fixture


def content(fixture: FixtureFile) -> tuple[object, ...]:
    """Everything but where it came from."""
    return (
        fixture.why,
        fixture.accounts,
        fixture.transactions,
        fixture.generate,
        fixture.expect,
        fixture.lamports_per_signature,
    )


def test_the_example_of_the_contract(tmp_path: Path) -> None:
    fixture = loaded(tmp_path / "example.yaml", EXAMPLE)
    assert fixture.why == "a payment, and one that must fail"
    fields = {"mint": "usdc", "owner": "alice", "amount": 1000, "state": "initialized"}
    assert fixture.accounts == {
        "alice": AccountSpec(5_000_000_000, "system", None, False),
        "bob": AccountSpec(0, "system", None, False),
        "alice_usdc": AccountSpec(2_039_280, "token", LayoutData("token", "Account", fields)),
        "raw": AccountSpec(1, "token", b"\0\0\0"),
    }
    transfer = {
        "source": "alice_usdc",
        "destination": "bob_usdc",
        "authority": "alice",
        "amount": 400,
    }
    raw = RawInstruction(
        "system",
        (MetaSpec("alice", True, True), MetaSpec("bob", False, True)),
        bytes.fromhex("020000000100000000000000"),
    )
    assert fixture.transactions == [
        TransactionSpec(
            "pay",
            "alice",
            (Call("token", "transfer", transfer),),
            expect=Outcome(False, "token", "InsufficientFunds"),
        ),
        TransactionSpec("raw-form", "alice", (raw,)),
        TransactionSpec("plan-only", cost=100, writes=("alice",), reads=("bob",)),
        TransactionSpec("t3", "bob", (Call("memo", "write", {}),), 5000, expect=Outcome(True)),
    ]
    assert fixture.expect.accounts == {
        "bob": ExpectedAccount(lamports=1),
        "bob_usdc": ExpectedAccount(data=LayoutData(None, None, {"amount": 400})),
    }
    assert fixture.expect.waves == (("pay",), ("raw-form",), ("plan-only", "t3"))
    assert fixture.expect.lamports_conserved is True
    assert fixture.lamports_per_signature == 5000
    assert fixture.transaction_count == 4


def as_jsonl(value: dict[str, object]) -> str:
    transactions = cast("list[object]", value.pop("transactions"))
    return "".join(f"{json.dumps(part)}\n" for part in [value, *transactions])


@pytest.mark.parametrize("extension", [".json", ".JSON", ".txt", ""])
def test_json_gives_the_same_fixture_as_yaml(tmp_path: Path, extension: str) -> None:
    text = json.dumps(yaml.safe_load(EXAMPLE), indent=2)
    expected = loaded(tmp_path / "example.yaml", EXAMPLE)
    assert content(loaded(tmp_path / f"example{extension}", text)) == content(expected)


@pytest.mark.parametrize("extension", [".jsonl", ".ndjson", ".json", ".txt", ""])
def test_jsonl_gives_the_same_fixture_as_yaml(tmp_path: Path, extension: str) -> None:
    text = as_jsonl(yaml.safe_load(EXAMPLE))
    expected = loaded(tmp_path / "example.yaml", EXAMPLE)
    assert content(loaded(tmp_path / f"example{extension}", text)) == content(expected)


@pytest.mark.parametrize("name", ["flow.yaml", "flow.txt", "flow"])
def test_yaml_that_starts_with_a_brace(tmp_path: Path, name: str) -> None:
    assert loaded(tmp_path / name, "{sealane: 1, why: a brace # comment\n}").why == "a brace"
    assert loaded(tmp_path / "quoted.yaml", '{"sealane": 1, "why": x # comment\n}').why == "x"


def test_integers_may_be_strings_of_digits(tmp_path: Path) -> None:
    text = json.dumps(
        {
            "sealane": 1,
            "accounts": {"a": {"lamports": str(U64_MAX)}, "b": {"lamports": "1_000"}},
            "generate": {"n": "3", "accounts": "2", "seed": "7"},
        }
    )
    fixture = loaded(tmp_path / "digits.json", text)
    assert fixture.accounts == {"a": AccountSpec(U64_MAX), "b": AccountSpec(1000)}
    assert fixture.generate == WorkloadSpec(n=3, accounts=2, seed=7)


def test_generate_follows_the_contract(tmp_path: Path) -> None:
    text = (
        "sealane: 1\n"
        "generate: {program: system.transfer, n: 100_000, accounts: 10_000, zipf: 1.1, seed: 7}\n"
    )
    fixture = loaded(tmp_path / "generate.yaml", text)
    assert fixture.generate == WorkloadSpec(n=100_000, accounts=10_000, zipf=1.1, seed=7)
    assert fixture.generate is not None
    assert fixture.generate.named_shape == "zipf"
    assert fixture.transaction_count == 100_000
    whole = loaded(tmp_path / "whole.yaml", text.replace("1.1", "1"))
    assert whole.generate == WorkloadSpec(n=100_000, accounts=10_000, zipf=1.0, seed=7)


def test_waves_may_name_generated_ids(tmp_path: Path) -> None:
    text = "sealane: 1\ngenerate: {n: 2, accounts: 2}\nexpect: {waves: [[t0], [t1]]}\n"
    fixture = loaded(tmp_path / "waves.yaml", text)
    assert fixture.expect.waves == (("t0",), ("t1",))
    for bad in ("t01", "t2", "t", "t-1", "t" + "1" * 50):
        with pytest.raises(InputError, match="no transaction has the id"):
            loaded(tmp_path / "waves.yaml", text.replace("[t1]", f"['{bad}']"))
    with pytest.raises(InputError, match="'t1' and 't¹' are one name to Unicode"):
        loaded(tmp_path / "waves.yaml", text.replace("[t1]", "['t¹']"))


def test_a_written_workload_reads_back(tmp_path: Path) -> None:
    spec = WorkloadSpec(n=5, accounts=3, shape="chain")
    fixture = loaded(tmp_path / "gen.jsonl", "\n".join(workload_lines(spec)) + "\n")
    assert list(fixture.accounts) == ["a0", "a1", "a2"]
    assert [transaction.id for transaction in fixture.transactions] == [
        "t0",
        "t1",
        "t2",
        "t3",
        "t4",
    ]
    instructions = fixture.transactions[4].instructions
    assert instructions is not None
    (call,) = instructions
    assert isinstance(call, Call)
    assert call[:2] == ("system", "transfer")
    assert call.arguments["source"] == fixture.transactions[4].payer == "a1"
    assert call.arguments["destination"] == "a2"


def test_an_empty_block(tmp_path: Path) -> None:
    assert loaded(tmp_path / "empty.yaml", "sealane: 1\n").transactions == []
    assert loaded(tmp_path / "empty.jsonl", '\n{"sealane": 1}').transactions == []


def test_an_account_without_a_value_has_defaults(tmp_path: Path) -> None:
    assert loaded(tmp_path / "plain.yaml", "sealane: 1\naccounts: {bob: }\n").accounts == {
        "bob": AccountSpec()
    }


def test_expected_data_may_be_none_or_bytes(tmp_path: Path) -> None:
    text = 'sealane: 1\nexpect: {accounts: {a: {data: null}, b: {data: "hex:00FF"}}}\n'
    assert loaded(tmp_path / "data.yaml", text).expect.accounts == {
        "a": ExpectedAccount(data=b""),
        "b": ExpectedAccount(data=b"\x00\xff"),
    }


def test_blank_lines_and_carriage_returns_in_jsonl(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b'\n{"sealane": 1}\r\n\r\n \n{"id": "a", "writes": []}\r\n{"id": 1}')
    with pytest.raises(InputError, match=r"lines\.jsonl:6: transactions\[1\]: nothing to run"):
        read_input(path)


def test_names_have_a_limit(tmp_path: Path) -> None:
    name = "n" * NAME_LEN_MAX
    assert list(loaded(tmp_path / "name.yaml", f"sealane: 1\naccounts: {{{name}: }}").accounts) == [
        name
    ]
    with pytest.raises(InputError, match="a name has 1 to 200 printable characters"):
        loaded(tmp_path / "name.yaml", f"sealane: 1\naccounts: {{{name}n: }}")


def test_account_data_has_a_limit(tmp_path: Path) -> None:
    head, tail = '{"sealane": 1, "accounts": {"big": {"data": "hex:', '"}}}'
    at_limit = "00" * ACCOUNT_DATA_LEN_MAX
    fixture = loaded(tmp_path / "data.json", f"{head}{at_limit}{tail}")
    assert fixture.accounts["big"].data == bytes(ACCOUNT_DATA_LEN_MAX)
    with pytest.raises(InputError, match="10,485,761 bytes of data, 10,485,760 at most"):
        loaded(tmp_path / "data.json", f"{head}{at_limit}00{tail}")


@pytest.mark.parametrize("name", ["block.json", "block", "block.txt", "block.yaml"])
def test_a_block_is_recognised_by_its_content(tmp_path: Path, name: str) -> None:
    raw = unpacked(ENCODINGS[2])
    (tmp_path / name).write_bytes(raw)
    assert len(read_solana(tmp_path / name).ids) == 25
    assert len(read_solana(tmp_path / name, votes=False).ids) < 25


def test_a_block_cut_short(tmp_path: Path) -> None:
    raw = unpacked(ENCODINGS[2])
    path = tmp_path / "cut.json"
    path.write_bytes(raw[:-1000])
    with pytest.raises(InputError, match=r"cut\.json:\d+: not valid JSON: .*cut short"):
        read_input(path)


def test_a_bad_block_names_its_file(tmp_path: Path) -> None:
    path = tmp_path / "null.json"
    path.write_text('{"jsonrpc": "2.0", "result": null, "id": 1}')
    with pytest.raises(InputError, match=r"null\.json: result is null"):
        read_input(path)
