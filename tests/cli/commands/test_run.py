"""`sealane run`: its JSON, its view, its exit codes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sealane import Pubkey

from ...real_data import INDEPENDENT
from ..command import Ending, in_process_of_its_own, on_a_terminal

Run = Callable[..., Ending]
Write = Callable[[str, str], Path]

FAILING = """
sealane: 1
fee: {lamports_per_signature: 5}
accounts: {alice: {lamports: 18446744073709551000}}
transactions:
  - {id: pay, instructions: [{system.transfer: {source: alice, destination: bob, lamports: 7}}]}
  - id: too-much
    instructions: [{system.transfer: {source: bob, destination: carol, lamports: 9}}]
  - {id: apart, instructions: [{system.transfer: {source: dan, destination: eve, lamports: 0}}]}
"""
RECEIPT_KEYS = ["id", "wave", "status", "error", "compute_units", "fee", "logs", "return_data"]


def test_the_document_has_the_contracts_keys_in_order(sealane: Run, written: Write) -> None:
    path = written("failing.yaml", FAILING)
    document = sealane("run", path, "--json", "-w", "0").document
    assert list(document) == [
        "file", "transactions", "accounts", "waves", "state_root", "expectations", "timing",
        "workers",
        "route", "tries", "height", "skipped_for", "speed_up",
    ]  # fmt: skip
    assert document["route"] == "serial"
    assert document["tries"] == [
        {"route": "serial", "workers": 0, "reason": "first", "detail": None}
    ]
    assert document["file"] == str(path)
    assert [list(each) for each in document["transactions"]] == [RECEIPT_KEYS] * 3
    assert list(document["timing"]) == ["load_s", "schedule_s", "execute_s", "commit_s"]
    assert all(seconds >= 0 for seconds in document["timing"].values())
    assert len(bytes.fromhex(document["state_root"])) == 32
    assert document["waves"] == [["pay", "apart"], ["too-much"]]
    assert document["workers"] == 0
    assert document["expectations"] == {"passed": 0, "failed": []}


def test_a_failure_names_program_code_and_instruction(sealane: Run, written: Write) -> None:
    path = written("failing.yaml", FAILING)
    paid, too_much, apart = sealane("run", path, "--json", "-w", "0").document["transactions"]
    assert (paid["status"], paid["error"], paid["fee"]) == ("ok", None, 5)
    assert too_much["status"] == "failed"
    assert list(too_much["error"]) == [
        "program", "name", "code", "message", "instruction", "account",
    ]  # fmt: skip
    assert too_much["error"]["program"] == "system"
    assert too_much["error"]["name"] == "ResultWithNegativeLamports"
    assert (too_much["error"]["code"], too_much["error"]["instruction"]) == (1, 0)
    assert (apart["error"]["program"], apart["error"]["name"]) == (None, "AccountNotFound")
    assert (apart["fee"], apart["logs"], apart["return_data"]) == (0, [], None)


def test_accounts_are_those_that_the_file_names(sealane: Run, written: Write) -> None:
    accounts = sealane("run", written("f.yaml", FAILING), "--json", "-w", "0").document["accounts"]
    assert list(accounts) == ["alice", "bob", "carol", "dan", "eve"]
    assert accounts["carol"] == {
        "key": str(Pubkey.of("carol")),
        "lamports": 0,
        "owner": "11111111111111111111111111111111",
        "data": "",
    }
    assert accounts["alice"]["lamports"] == "18446744073709550988", "above 2^53: a string"
    assert accounts["bob"]["lamports"] == 2


def test_only_integers_above_2_to_53_are_strings(sealane: Run, written: Write) -> None:
    text = f"sealane: 1\naccounts: {{a: {{lamports: {2**53}}}, b: {{lamports: {2**53 + 1}}}}}\n"
    accounts = sealane("run", written("edge.yaml", text), "--json", "-w", "0").document["accounts"]
    assert accounts["a"]["lamports"] == 2**53
    assert accounts["b"]["lamports"] == str(2**53 + 1)


def test_several_files_give_a_list_each_from_an_empty_state(sealane: Run, written: Write) -> None:
    path = written("failing.yaml", FAILING)
    first, second = sealane("run", path, path, "--json", "-w", "0").document
    del first["timing"], second["timing"]
    assert first == second


def test_the_same_outcome_on_every_worker_count(fixtures: Path, sealane: Run) -> None:
    serial = sealane("run", fixtures / "payments.yaml", "--json", "-w", "0").document
    parallel = sealane("run", fixtures / "payments.yaml", "--json", "-w", "2").document
    for document in (serial, parallel):
        for how in ("timing", "workers", "route", "tries", "speed_up"):
            del document[how]
    assert serial == parallel


def test_an_unmet_expectation_ends_with_1_and_shows_what_was_found(
    sealane: Run, written: Write
) -> None:
    path = written("broken.yaml", FAILING + "expect: {accounts: {bob: {lamports: 3}}}\n")
    ending = sealane("run", path, "-w", "0")
    assert ending.code == 1
    assert "1 of 1 expectation not met" in ending.out
    assert "expected 3, found 2" in ending.out
    document = sealane("run", path, "-w", "0", "--json").document
    assert document["expectations"]["passed"] == 0
    assert len(document["expectations"]["failed"]) == 1


def test_an_expectation_names_accounts_as_the_file_does(sealane: Run, written: Write) -> None:
    text = FAILING.replace("id: too-much\n", "id: too-much\n    expect: {ok: true}\n")
    path = written("expecting.yaml", text)
    said = ": bob holds 2 lamports, 9 are asked for"
    assert said in sealane("run", path, "-w", "0", "-q").out
    (message,) = sealane("run", path, "-w", "0", "--json").document["expectations"]["failed"]
    assert message.endswith(said)


def test_a_failure_without_expectation_is_not_an_error(sealane: Run, written: Write) -> None:
    assert sealane("run", written("failing.yaml", FAILING), "-w", "0").code == 0


def test_the_view_shows_results_waves_and_reasons(sealane: Run, written: Write) -> None:
    out = sealane("run", written("failing.yaml", FAILING), "-w", "0").out
    assert "failing.yaml  3 transactions · 1 ok · 2 failed · 2 waves\n" in out
    assert "too-much     1  failed    150    5  system.ResultWithNegativeLamports" in out
    assert "   0      2  ████████████████████  pay apart" in out
    assert "bob holds 2 lamports, 9 are asked for" in out, "accounts by name, not by key"


@pytest.mark.parametrize(
    ("workers", "route"), [("0", "serial: one by one"), ("2", "in-process: workers would not pay")]
)
def test_the_view_names_the_route(workers: str, route: str, sealane: Run, written: Write) -> None:
    out = sealane("run", written("failing.yaml", FAILING), "-w", workers).out
    assert re.search(rf"^route +{route}$", out, re.MULTILINE)


def test_quiet_prints_only_what_is_wrong(sealane: Run, written: Write) -> None:
    assert sealane("run", written("fine.yaml", FAILING), "-q", "-w", "0").out == ""
    path = written("broken.yaml", FAILING + "expect: {accounts: {bob: {lamports: 3}}}\n")
    assert "expected 3, found 2" in sealane("run", path, "-q", "-w", "0").out


def test_a_large_block_is_summed_up(sealane: Run, written: Write) -> None:
    text = "sealane: 1\ngenerate: {n: 3000, accounts: 50, seed: 1}\n"
    out = sealane("run", written("large.yaml", text), "-w", "0").out
    assert "3,000 transactions · 3,000 ok" in out
    assert out.count("\n") < 40
    assert "Results" not in out


def test_many_failures_are_all_shown_if_piped_and_cut_on_a_terminal(
    sealane: Run, written: Write
) -> None:
    lines = ['{"sealane": 1}'] + [
        f'{{"instructions": [{{"system.transfer": {{"source": "s{i}", "destination": "d",'
        f' "lamports": 1}}}}]}}'
        for i in range(120)
    ]
    path = written("poor.jsonl", "\n".join(lines))
    out = sealane("run", path, "-w", "0").out
    assert "120 failed" in out
    assert out.count("system.ResultWithNegativeLamports") == 120
    assert "more" not in out
    shown = on_a_terminal(["run", path, "-w", "0"], columns=100).out
    assert shown.count("system.ResultWithNegativeLamports") == 10
    assert "… and 110 more" in shown


def test_the_error_for_a_solana_block_names_the_right_command(sealane: Run) -> None:
    ending = sealane("run", INDEPENDENT)
    assert ending.code == 2
    assert "use plan, graph, explain, or replay" in ending.err


def test_plan_only_transactions_cannot_run(sealane: Run, written: Write) -> None:
    path = written("plan.yaml", "sealane: 1\ntransactions: [{id: p, writes: [a]}]\n")
    ending = sealane("run", path, "-w", "0")
    assert ending.code == 2
    assert "'p' names only its locks" in ending.err


def test_piped_output_is_not_cut_wrapped_or_coloured(written: Write) -> None:
    key = str(Pubkey.of("somebody"))
    name = "a-name-that-is-much-longer-than-any-table-would-like-" * 3
    text = (
        f"sealane: 1\naccounts: {{'{key}': {{lamports: 9}}}}\ntransactions:\n"
        f"  - {{id: {name}, instructions: [{{system.transfer: {{source: '{key}', "
        f"destination: b, lamports: 10}}}}]}}\n"
    )
    ending = in_process_of_its_own("run", written("long.yaml", text), "-w", "0", COLUMNS="40")
    assert ending.code == 0
    assert "\x1b" not in ending.out
    assert f"{name}     0  failed    150    0  system.ResultWithNegativeLamports" in ending.out
    assert f"  {key} holds 9 lamports, 10 are asked for\n" in ending.out
    assert not any(line.endswith(" ") for line in ending.out.split("\n"))
    assert ending.err == ""


def test_limits_of_workers_are_options(sealane: Callable[..., Ending], fixtures: Path) -> None:
    assert sealane("run", fixtures / "chain.yaml", "--timeout", "2.5", "--memory", "64").code == 0


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--timeout", "0", "--timeout 0: allow a transaction 0.05 seconds at least"),
        ("--timeout", "0.049", "--timeout 0.049: allow a transaction 0.05 seconds at least"),
        ("--timeout", "nan", "--timeout nan: allow a transaction 0.05 seconds at least"),
        ("--memory", "0", "--memory 0: a worker needs 64 MiB at least"),
        ("--memory", "63", "--memory 63: a worker needs 64 MiB at least"),
    ],
)
def test_a_limit_below_the_minimum_is_refused_in_the_options_unit(
    option: str, value: str, said: str, sealane: Run, fixtures: Path
) -> None:
    ending = sealane("run", fixtures / "chain.yaml", option, value)
    assert (ending.code, ending.out, ending.err) == (2, "", f"error: {said}\n")


def test_failures_use_the_files_names_everywhere(sealane: Run, written: Write) -> None:
    key = str(Pubkey.of("somebody"))
    text = f"""
sealane: 1
accounts: {{payer: {{lamports: 9}}, {key}: {{lamports: 1}}}}
transactions:
  - instructions: [{{system.transfer: {{source: payer, destination: x, lamports: 10}}}}]
  - instructions: [{{system.transfer: {{source: {key}, destination: x, lamports: 10}}}}]
  - payer: payer
    instructions:
      - program: system
        accounts: [{{key: x}}, {{key: payer}}]
        data: "hex:020000000100000000000000"
"""
    document = sealane("run", written("names.yaml", text), "-w", "0", "--json").document
    errors = [transaction["error"] for transaction in document["transactions"]]
    assert [error["account"] for error in errors] == ["payer", key, "x"]
    assert errors[2]["name"] == "MissingRequiredSignature"
    for name in ("payer", "x"):
        assert str(Pubkey.of(name)) not in json.dumps(errors)


def test_an_empty_block_has_no_empty_tables(sealane: Run, written: Write) -> None:
    out = sealane("run", written("empty.yaml", "sealane: 1\n"), "-w", 0).out
    assert "0 transactions" in out
    assert "state root" in out
    assert "Results" not in out
    assert "Waves" not in out
