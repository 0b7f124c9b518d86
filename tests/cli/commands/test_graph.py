"""`sealane graph`: drawn for small and large blocks, exported to other tools."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx
import pytest

from ...real_data import DEEP_CHAINS, MAINNET
from ..command import Ending

NETWORKX: Any = networkx  # untyped where it reads
Run = Callable[..., Ending]
Write = Callable[[str, str], Path]

# "x": W a ── y: R a, W b
# z: W c
SMALL = r"""
sealane: 1
transactions:
  - {id: '"x" <\ & #', writes: [a]}
  - {id: y, reads: [a], writes: [b]}
  - {id: z, writes: [c]}
"""
ODD = '"x" <\\ & #'


def test_a_small_block_shows_every_transaction_and_edge(sealane: Run, written: Write) -> None:
    out = sealane("graph", written("small.yaml", SMALL)).out
    assert re.search(r"\n0 +┃ \"x\" <\\ & # +┃\n", out)
    assert "▼ a\n" in out
    assert "conflict with nobody: z\n" in out
    assert re.search(rf"y\s+{re.escape(ODD)}\s+read after write on a\n", out)
    assert "1 edge stands for 1 conflicting pair" in out
    assert "2 transactions, cost 2 of 3" in out


def test_quiet_draws_only_the_graph(sealane: Run, written: Write) -> None:
    path = written("small.yaml", SMALL)
    out = sealane("graph", path, "--quiet").out
    assert out.startswith("Graph"), "and no empty line before it"
    assert "Who waits for whom" in out
    assert "Critical path" not in out
    assert "parallelism" not in out
    assert out in sealane("graph", path).out
    large = written("hot.yaml", "sealane: 1\ngenerate: {n: 200, accounts: 500, shape: hot}\n")
    out = sealane("graph", large, "-q").out
    assert out.startswith("Groups")
    assert "letters: what it waits for" in out
    assert out in sealane("graph", large).out
    assert sealane("graph", path, "-q", "--json") == sealane("graph", path, "--json")


def test_a_graph_without_edges(sealane: Run, written: Write) -> None:
    text = "sealane: 1\ntransactions: [{writes: [a]}, {writes: [b]}]\n"
    assert "Nobody waits" in sealane("graph", written("free.yaml", text)).out
    large = "sealane: 1\ngenerate: {n: 100, shape: independent}\n"
    assert "Nobody waits" in sealane("graph", written("large.yaml", large)).out


def test_an_empty_block(sealane: Run, written: Write) -> None:
    ending = sealane("graph", written("empty.yaml", "sealane: 1\n"))
    assert ending.code == 0
    assert "0 waves" in ending.out


def test_a_large_block_letters_its_bottlenecks(sealane: Run, written: Write) -> None:
    text = "sealane: 1\ngenerate: {n: 200, accounts: 500, shape: hot, seed: 3}\n"
    out = sealane("graph", written("hot.yaml", text)).out
    assert "a cell is a transaction" in out
    assert re.search(r"\n *0–199 +1\.0  A\n", out), "one after the other, all for one account"
    assert re.search(r" A +a0  used by system +199 ", out)
    assert re.search(r" ▒ +others +0\n", out)
    assert re.search(r" ░ +nobody +1\n", out)


def test_a_very_large_block_fits_a_page(sealane: Run, written: Write) -> None:
    text = "sealane: 1\ngenerate: {n: 20_000, accounts: 2_000, seed: 3}\n"
    out = sealane("graph", written("large.yaml", text)).out
    assert "transactions; letters" in out
    lines = [line for line in out.split("\n") if not line.startswith("  t")]  # the path's
    assert len(lines) < 70
    drawings = [line for line in lines if re.search("[░▒▓█]{4}", line)]
    assert max(map(len, drawings)) <= 110


def test_programs_are_chosen_by_what_people_call_them(sealane: Run) -> None:
    shown = sealane("graph", MAINNET, "--program", "Jupiter v6", "--view", "path").out
    assert re.search(r"\nonly \d+ of 602 transactions, those that call Jupiter v6; ", shown)
    key = "JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4"
    by_key = sealane("graph", MAINNET, "--program", key, "--view", "path").out
    assert by_key.replace(key, "Jupiter v6") == shown
    ending = sealane("graph", MAINNET, "--program", "Jupyter v6")
    assert ending.code == 2
    assert "no transaction calls 'Jupyter v6'; the nearest are Jupiter v6" in ending.err


def test_conditions_are_told_and_combine(sealane: Run, fixtures: Path) -> None:
    shown = sealane("graph", fixtures / "chain.yaml", "--account", "b", "--around", "c-d").out
    assert "only 2 of 5 transactions, those that lock b and are within 2 edges of c-d; " in shown
    ending = sealane("graph", fixtures / "chain.yaml", "--account", "b", "--account", "d")
    assert ending.code == 2
    assert "no transaction is left: there is none of those that lock b and lock d" in ending.err


def test_json_is_node_link_data(sealane: Run, written: Write) -> None:
    path = written("small.yaml", SMALL)
    ending = sealane("graph", path, "--format", "json")
    graph = NETWORKX.node_link_graph(ending.document, edges="edges")
    assert dict(graph.nodes("wave")) == {ODD: 0, "y": 1, "z": 0}
    assert graph.edges[ODD, "y"]["conflicts"] == [{"account": "a", "kind": "read after write"}]
    assert graph.number_of_edges() == 1
    assert graph.nodes["y"] == {"wave": 1, "cost": 1, "critical": True, "programs": []}
    assert sealane("graph", path, "--json").out == ending.out


@pytest.mark.parametrize("form", ["dot", "mermaid", "graphml", "svg", "json"])
def test_every_format_has_every_edge_of_a_real_block(form: str, sealane: Run) -> None:
    path = DEEP_CHAINS
    edges = len(sealane("plan", path, "--json", "--edges").document["edges"])
    out = sealane("graph", path, "--format", form).out
    mark = {"dot": " -> ", "mermaid": ">|", "graphml": "<edge ", "svg": " → ", "json": '"source":'}
    assert out.count(mark[form]) == edges
    assert form != "json" or json.loads(out)["directed"]


def test_exports_take_what_was_chosen(sealane: Run, fixtures: Path) -> None:
    path = fixtures / "chain.yaml"
    some = sealane("graph", path, "--account", "b", "-f", "json").document
    assert [(node["id"], node["wave"]) for node in some["nodes"]] == [("a-b", 0), ("b-c", 1)]
    every = sealane("graph", path, "--all-conflicts", "--json").document
    assert len(every["edges"]) == 5


def test_a_large_mermaid_file_says_so_on_stderr(sealane: Run) -> None:
    ending = sealane("graph", MAINNET, "-f", "mermaid")
    assert ending.code == 0
    assert "Mermaid draws up to 500 and 50,000 unless" in ending.err
    assert sealane("graph", MAINNET, "-f", "mermaid", "--quiet").err == ""


def test_an_unknown_format_names_the_known_ones(sealane: Run, written: Write) -> None:
    ending = sealane("graph", written("small.yaml", SMALL), "--format", "png")
    assert ending.code == 2
    assert ": 'png' is not one of 'dot', 'mermaid', 'graphml', 'svg', 'json'. See: " in ending.err


@pytest.mark.parametrize("form", ["dot", "mermaid", "graphml", "svg"])
def test_two_formats_at_once_are_refused(form: str, sealane: Run, written: Write) -> None:
    ending = sealane("graph", written("small.yaml", SMALL), "--json", "--format", form)
    assert ending.code == 2
    assert f"--json and --format {form} are two formats: leave one of them out" in ending.err


def test_json_given_twice_is_json(sealane: Run, written: Write) -> None:
    path = written("small.yaml", SMALL)
    once = sealane("graph", path, "--json")
    assert sealane("graph", path, "--json", "--format", "json") == once


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--view", "path", "--step"], "--view and --step are two ways to show a block"),
        (["--step", "--format", "dot"], "--step and --format are two ways to show a block"),
        (["--view", "all", "--json"], "--view and --format are two ways to show a block"),
    ],
)
def test_a_block_is_shown_in_one_way(
    options: list[str], message: str, sealane: Run, fixtures: Path
) -> None:
    ending = sealane("graph", fixtures / "chain.yaml", *options)
    assert ending.code == 2
    assert message in ending.err
