"""What a terminal shows: within its width, in colour or not, keys shortened; and a pipe never."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sealane import Pubkey

from ...real_data import DEEP_CHAINS, MAINNET
from ..command import in_process_of_its_own, on_a_terminal

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COLOUR = re.compile(r"\x1b\[(?:3[0-7]|9[0-7]|4[0-7])m")


def commands(fixtures: Path) -> list[list[str | Path]]:
    block = DEEP_CHAINS
    return [
        ["run", fixtures / "failure.yaml", "-w", "0"],
        ["plan", fixtures / "read_sharing.yaml"],
        ["plan", block],
        ["plan", MAINNET, "--workers", "1,4,64"],
        ["graph", fixtures / "raw_instructions.yaml"],
        ["graph", block],
        ["explain", fixtures / "chain.yaml", "e-a"],
        ["replay", block, "-w", "0"],
        ["explain", fixtures / "chain.yaml", "e-a", "b-c"],
        ["explain", block, "--account", "FmdB"],
    ]


@pytest.mark.slow
@pytest.mark.parametrize("number", range(10))
def test_40_columns_are_enough(number: int, fixtures: Path) -> None:
    ending = on_a_terminal(commands(fixtures)[number], columns=40)
    assert ending.code == 0
    assert max(len(line) for line in ESCAPE.sub("", ending.out).split("\n")) <= 40


def test_narrow_tables_keep_their_numbers(fixtures: Path) -> None:
    out = on_a_terminal(["run", fixtures / "failure.yaml", "-w", "0"], columns=40).out
    assert re.search(r"overdraws +0  failed +300 +5,000\n", ESCAPE.sub("", out))


def test_a_terminal_gets_colours_and_no_color_none(fixtures: Path) -> None:
    arguments: list[str | Path] = ["run", fixtures / "failure.yaml", "-w", "0"]
    assert COLOUR.search(on_a_terminal(arguments, columns=100).out)
    assert "\x1b" not in on_a_terminal(arguments, columns=100, NO_COLOR="1").out
    assert "\x1b" not in on_a_terminal(arguments, columns=100, TERM="dumb").out


def test_a_pipe_gets_colours_only_by_force(fixtures: Path) -> None:
    arguments = ["run", str(fixtures / "failure.yaml"), "-w", "0"]
    assert "\x1b" not in in_process_of_its_own(*arguments).out
    assert COLOUR.search(in_process_of_its_own(*arguments, FORCE_COLOR="1").out)
    both = in_process_of_its_own(*arguments, FORCE_COLOR="1", NO_COLOR="1")
    assert "\x1b" not in both.out


def test_errors_are_coloured_like_the_rest() -> None:
    red = "\x1b[1;31merror:\x1b[0m missing.yaml: "
    assert red in on_a_terminal(["run", "missing.yaml"], columns=80).out
    assert in_process_of_its_own("run", "missing.yaml").err.startswith("error: missing.yaml: ")
    assert in_process_of_its_own("run", "missing.yaml", FORCE_COLOR="1").err.startswith(red)


def test_keys_are_shortened_on_a_terminal_only(tmp_path: Path) -> None:
    key = str(Pubkey.of("somebody"))
    path = tmp_path / "keys.yaml"
    path.write_text(f"sealane: 1\ntransactions: [{{writes: ['{key}']}}, {{writes: ['{key}']}}]\n")
    shown = on_a_terminal(["graph", path], columns=100).out
    assert key not in shown
    assert f"{key[:4]}…{key[-4:]}" in shown
    assert key in in_process_of_its_own("graph", path).out


def test_json_on_a_terminal_is_indented(fixtures: Path) -> None:
    assert (
        '\n  "waves": [\n'
        in on_a_terminal(["plan", fixtures / "chain.yaml", "--json"], columns=80).out
    )
    assert in_process_of_its_own("plan", fixtures / "chain.yaml", "--json").out.count("\n") == 1


def test_long_work_shows_a_progress_bar_and_removes_it(tmp_path: Path) -> None:
    path = tmp_path / "long.yaml"
    path.write_text("sealane: 1\ngenerate: {n: 20_000, accounts: 100}\n")
    shown = on_a_terminal(["run", path, "-w", "0"], columns=80).out
    assert "running" in shown
    assert "/20000" in shown
    assert in_process_of_its_own("run", path, "-w", "0").err == ""
    assert "running" not in on_a_terminal(["run", path, "-w", "0", "-q"], columns=80).out


def test_an_encoding_without_bars_is_not_an_error(fixtures: Path) -> None:
    ending = in_process_of_its_own(
        "plan", fixtures / "chain.yaml", PYTHONIOENCODING="ascii", PYTHONUTF8="0"
    )
    assert ending.code == 0
    assert "5 transactions ? 5 accounts" in ending.out


def test_the_log_of_a_store_is_whole_lines_at_any_width(tmp_path: Path, fixtures: Path) -> None:
    folder = tmp_path / "state"
    run = ["run", fixtures / "payments.yaml", "-w", "0", "--store", folder]
    assert on_a_terminal(run, columns=80).code == 0
    for columns, words in ((80, "root transactions failed changed ms time"), (40, "failed ms")):
        out = ESCAPE.sub("", on_a_terminal(["state", folder, "--log"], columns=columns).out)
        _, _, table = out.partition("newest first")
        lines = table.split()
        assert all(word in lines for word in words.split())
        assert len([line for line in table.splitlines()[1:] if line]) == 2
        assert re.search(r"\s3\s+0\s.*\d\.\d", table)
