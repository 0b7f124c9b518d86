"""`sealane programs`: what can be called, listed and explained, at any width."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sealane.programs import builtin_programs
from sealane.programs.library.on_demand import ON_DEMAND

from ..command import Ending, in_process_of_its_own, on_a_terminal

LINES = re.MULTILINE
Run = Callable[..., Ending]
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COUNTER = ("--program", "counter:counter")


def test_the_list_has_the_library_programs_and_their_purposes(sealane: Run) -> None:
    out = sealane("programs").out
    for program in builtin_programs():
        assert re.search(rf"^{program.name} +{re.escape(program.about)} · \d+ instr", out, LINES)
    assert "Installed" not in out


def test_the_list_as_json(sealane: Run) -> None:
    programs = {each["name"]: each for each in sealane("programs", "--json").document["programs"]}
    token = programs["token"]
    assert set(programs) == {*ON_DEMAND, *(program.name for program in builtin_programs())}
    assert token["key"] == "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"
    assert token["layouts"] == ["Mint", "Account", "Multisig"]
    assert "transfer" in token["instructions"]
    assert "OwnerMismatch" in token["errors"]


def test_a_program_has_key_instructions_layouts_and_errors(sealane: Run) -> None:
    out = sealane("programs", "token").out
    assert "key TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA" in out
    assert re.search(r"^transfer +Move `amount` from `source`", out, LINES)
    assert re.search(r"^token.Account +a layout of 165 bytes$", out, LINES)
    assert re.search(r"^ +64  amount +u64 +8 bytes, little-endian$", out, LINES)
    assert re.search(r"^ +4  token.OwnerMismatch +owner does not match$", out, LINES)


def test_an_instruction_shows_what_a_call_needs(sealane: Run) -> None:
    out = sealane("programs", "token.transfer").out
    assert re.search(r"^0  source +writable$", out, LINES)
    assert re.search(r"^2  authority +signer unless there are signers$", out, LINES)
    assert re.search(r"^amount +u64 +an integer from 0 to 2\^64 - 1 +8 bytes, litt", out, LINES)
    assert re.search(r"^ +1  token.InsufficientFunds +insufficient funds$", out, LINES)
    assert re.search(r"^- token.transfer: {source: source, .*amount: 1}$", out, LINES)


def test_an_instruction_as_json_has_the_same(sealane: Run) -> None:
    document = sealane("programs", "token.transfer", "--json").document
    rights = [(a["name"], a["writable"], a["signer"]) for a in document["accounts"]]
    assert rights == [
        ("source", True, False),
        ("destination", True, False),
        ("authority", False, True),
        ("signers", False, True),
    ]
    (amount,) = document["arguments"]
    assert amount["type"]["name"] == "u64"
    assert {"program": "token", "name": "OwnerMismatch", "code": 4} in [
        {key: error[key] for key in ("program", "name", "code")} for error in document["errors"]
    ]


def test_a_layout_is_found_by_its_name_in_fixtures(sealane: Run) -> None:
    assert "a layout of 82 bytes" in sealane("programs", "token.Mint").out
    fields = sealane("programs", "token.Mint", "--json").document["fields"]
    assert [(each["name"], each["offset"]) for each in fields][:2] == [
        ("mint_authority", 0),
        ("supply", 36),
    ]


def test_a_user_program(fixtures: Path) -> None:
    listed = in_process_of_its_own("programs", *COUNTER, cwd=fixtures)
    assert re.search(r"^counter +1 instruction, 1 layout$", listed.out, LINES)
    shown = in_process_of_its_own("programs", "counter.increment", *COUNTER, cwd=fixtures).out
    assert "counter.WrongAuthority" in shown
    assert "- counter.increment: {state: state, authority: authority, by: 1}" in shown


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("toke", "no program is called 'toke' (your own needs --program"),
        ("toke", "did you mean 'token'?"),
        ("token.transfre", "token has no instruction or layout 'transfre'; did you mean 'transfe"),
        ("token.", "token has no instruction or layout ''; known here: "),
        ("memo.Mint", "memo has no instruction or layout 'Mint'"),
    ],
)
def test_unknown_names_suggest_the_nearest(name: str, said: str, sealane: Run) -> None:
    ending = sealane("programs", name)
    assert ending.code == 2
    assert said in ending.err
    assert ending.out == ""


@pytest.mark.parametrize("name", [(), ("token",), ("token.transfer",), ("token.Account",)])
@pytest.mark.parametrize("width", [40, 80])
def test_output_fits_the_terminal(name: tuple[str, ...], width: int) -> None:
    shown = on_a_terminal(["programs", *name], columns=width)
    lines = ESCAPE.sub("", shown.out).split("\n")
    assert shown.code == 0
    assert len(lines) > 5
    assert max(map(len, lines)) <= width


def test_a_folded_example_is_still_yaml() -> None:
    import yaml

    shown = ESCAPE.sub("", on_a_terminal(["programs", "token.transfer"], columns=40).out)
    example = shown.partition("instructions` in a fixture\n")[2] or shown.rpartition("fixture\n")[2]
    (item,) = yaml.safe_load(example)
    assert item["token.transfer"]["amount"] == 1
