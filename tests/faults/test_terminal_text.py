"""What is not ours never acts on a terminal: row 57 of the fault list.

Every command is given hostile text wherever text of a user comes from: file names, keys and errors
in a block, ids, exception texts, logs, options. Nothing of it may reach stdout or stderr but as
escapes, in a pipe, under --json and on a terminal; Rich's markup is plain text.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import sealane.cli as cli
from sealane.cli.app import main
from sealane.cli.output.escaping import escaped, escaped_json

from ..cli.command import Ending, in_process_of_its_own, on_a_terminal
from ..ingest.block_entries import block, legacy

CONTROLS = "\x1b]0;owned\x07\x1b[31m\x9b2J\x7f\r\b\u202e\u2066\u2028\ufeff"
HOSTILE = f"evil{CONTROLS}[bold red]"
# Colours are ours on a terminal, and so is the line of progress that is replaced each time.
# Colours, a hidden cursor, and lines of a progress bar that are cleared, the lowest first.
_CLEARED = r"\r(?:\x1b\[2K|\x1b\[1A\x1b\[2K)(?:\x1b\[1A\x1b\[2K)*"
OURS = re.compile(rf"\x1b\[[0-9;]*m|{_CLEARED}|\x1b\[\?25[lh]")
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")

PROGRAM = f"""
from sealane.programs import Context, Program, Signer

TEXT = {HOSTILE + chr(10) + "line"!r}
hostile = Program("hostile")

@hostile.instruction(tag=0)
def raises(who: Signer) -> None:
    raise RuntimeError(TEXT)

@hostile.instruction(tag=1)
def logs(ctx: Context, who: Signer) -> None:
    ctx.log(TEXT)
"""
BAD_IMPORT = f"raise ImportError({HOSTILE + chr(10)!r})\n"
FIXTURE = """
sealane: 1
accounts: {alice: {lamports: 5}}
transactions:
  - {id: '[bold red]a', payer: alice, instructions: [{hostile.raises: {who: alice}}]}
  - {id: b, payer: alice, instructions: [{hostile.logs: {who: alice}}]}
expect: {accounts: {alice: {lamports: 6}}}
"""
PLANNED = "sealane: 1\ntransactions: [{id: a, writes: [x]}, {id: b, reads: [x]}]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a hostile name and hostile files in it."""
    folder = tmp_path / HOSTILE
    folder.mkdir()
    (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
    (folder / "bad.py").write_text(BAD_IMPORT, encoding="utf-8")
    (folder / f"{HOSTILE}.yaml").write_text(FIXTURE)
    (folder / f"{HOSTILE}-plan.yaml").write_text(PLANNED)
    (folder / f"{HOSTILE}-plan.json").write_text(
        f'{{"sealane": 1, "{HOSTILE}": 2, '.replace("\x1b", "")
    )
    entry = legacy()
    entry["transaction"]["message"]["accountKeys"][1] = HOSTILE
    (folder / "key.json").write_text(json.dumps(block(entry)))
    (folder / "error.json").write_text(json.dumps({"error": {"code": 1, "message": HOSTILE}}))
    (folder / "text.json").write_text(json.dumps({"jsonrpc": "2", "error": HOSTILE}))
    (folder / "version.json").write_text(json.dumps(block(legacy(version=HOSTILE))))
    (folder / "block.json").write_text(json.dumps(block(legacy(0), legacy(1, meta=None))))
    return folder


RUN = f"{HOSTILE}.yaml"
PLAN = f"{HOSTILE}-plan.yaml"
WITH = ("--program", "program:hostile")
COMMANDS: dict[str, tuple[str, ...]] = {
    "run": ("run", RUN, *WITH, "-w", "0"),
    "run on a worker": ("run", RUN, *WITH, "-w", "1"),
    "run a missing file": ("run", f"{HOSTILE}.none"),
    "run a bad file": ("run", f"{HOSTILE}-plan.json"),
    "run with a store": ("run", RUN, *WITH, "-w", "0", "--store", HOSTILE),
    "run in debug": ("run", f"{HOSTILE}.none", "--debug"),
    "verify": ("verify", RUN, *WITH),
    "plan": ("plan", PLAN, "--edges"),
    "graph": ("graph", PLAN),
    "graph as DOT": ("graph", PLAN, "--format", "dot"),
    "graph as Mermaid": ("graph", PLAN, "--format", "mermaid"),
    "graph as GraphML": ("graph", PLAN, "--format", "graphml"),
    "graph as SVG": ("graph", PLAN, "--format", "svg"),
    "graph in all views": ("graph", PLAN, "--view", "all", "--all-conflicts"),
    "graph step by step": ("graph", PLAN, "--step"),
    "explain": ("explain", PLAN, "b"),
    "explain what is not there": ("explain", PLAN, HOSTILE),
    "plan a bad key": ("plan", "key.json"),
    "plan a node's error": ("plan", "error.json"),
    "plan another node's error": ("plan", "text.json"),
    "plan a bad version": ("plan", "version.json"),
    "lint": ("lint", RUN, *WITH),
    "lint what cannot run": ("lint", PLAN),
    "lint a bad key": ("lint", "key.json"),
    "survey": ("survey", PLAN, RUN, "key.json", "error.json", f"{HOSTILE}.none", "-w", "1"),
    "survey as CSV": ("survey", PLAN, "error.json", "-w", "0", "--csv", "-"),
    "replay": ("replay", "key.json"),
    "replay without balances": ("replay", "block.json"),
    "state": ("state", HOSTILE),
    "a bad program": ("run", RUN, "--program", HOSTILE),
    "a bad module": ("run", RUN, "--program", "bad:it"),
    "a bad attribute": ("run", RUN, "--program", f"program:{HOSTILE}"),
    "a bad option": ("run", RUN, f"--{HOSTILE}"),
    "a bad value": ("run", RUN, "--workers", HOSTILE),
    "a bad command": (HOSTILE,),
    "gen": ("gen", "--program", HOSTILE, "-n", "1"),
    "gen another shape": ("gen", "--shape", HOSTILE),
    "bench": ("bench", "--scenario", HOSTILE),
    "bench compared": ("bench", "--compare", HOSTILE),
}


def require_safe(ending: Ending) -> None:
    for stream in (ending.out, ending.err):
        found = UNSAFE.search(OURS.sub("", stream))
        assert found is None, repr(stream[max(0, found.start() - 60) : found.end() + 20])


@pytest.fixture
def run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ending]:
    """Run a command line in this process and in that folder."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "path", list(sys.path))

    def run(*arguments: str) -> Ending:
        for name in ("program", "bad"):
            sys.modules.pop(name, None)
        code = main(arguments)
        captured = capsys.readouterr()
        return Ending(code, captured.out, captured.err)

    return run


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_row_57_no_command_passes_on_what_acts_on_a_terminal(
    name: str, run: Callable[..., Ending], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = COMMANDS[name]
    piped = run(*arguments)
    require_safe(piped)
    assert "Traceback" not in piped.err or "--debug" in arguments
    assert "bug in sealane" not in piped.err
    require_safe(run(*arguments, "--json"))
    monkeypatch.setenv("FORCE_COLOR", "1")
    require_safe(run(*arguments))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["run", "verify", "plan a node's error"])
def test_row_57_nor_on_a_terminal(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    require_safe(on_a_terminal(COMMANDS[name], columns=60))


@pytest.mark.slow
def test_row_57_text_is_escaped_and_not_lost(folder: Path) -> None:
    ending = in_process_of_its_own(*COMMANDS["run"], cwd=folder)
    assert "evil\\x1b]0;owned\\x07\\x1b[31m\\x9b2J\\x7f\\r\\x08\\u202e" in ending.out
    assert "[bold red]a" in ending.out
    document = in_process_of_its_own(*COMMANDS["run"], "--json", cwd=folder).document
    assert HOSTILE in document["transactions"][1]["logs"][-1]


@pytest.mark.slow
def test_row_57_a_file_name_that_is_no_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "name\udcff.yaml"
    path.write_text(PLANNED)
    assert "name\\udcff.yaml  2 transactions" in in_process_of_its_own("plan", path).out
    assert "name\\udcff.yaml:2: transactions[0]" in in_process_of_its_own("run", path).err
    path.write_text("sealane: 1\n")
    ran = in_process_of_its_own("run", path, "-w", "0", "--json")
    assert ran.code == 0
    assert ran.document["file"].endswith("name\\udcff.yaml")


def test_what_is_safe_stays_as_it_is() -> None:
    text = "Zoë über 日本語 🎉 ◆ → … [bold] \\x1b"
    assert escaped(text) == text
    assert escaped_json(json.dumps(text, ensure_ascii=False)) == json.dumps(
        text, ensure_ascii=False
    )


def test_row_57_json_says_the_same() -> None:
    text = "".join(map(chr, [*range(0x100), *range(0x2000, 0x2070), 0xFEFF, 0xE0001]))
    document = json.dumps({"text": text}, ensure_ascii=False)
    assert json.loads(escaped_json(document)) == {"text": text}
    assert UNSAFE.search(escaped_json(document)) is None


def test_views_make_no_text_but_the_safe_one() -> None:
    folder = Path(cli.__file__).parent
    for path in folder.rglob("*.py"):
        if path.name in ("text.py", "page.py", "progress.py"):
            continue
        # What lays out parts hands strings to the console, which escapes them.
        layouts = {"Group", "Live", "RenderableType", "Table"}
        imported = {
            name.name
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("rich")
            for name in node.names
        }
        assert imported <= layouts, path
