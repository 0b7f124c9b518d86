"""Files of the graph, each read back as its readers would: every node and edge, whatever its name.

DOT and Mermaid by small strict readers of the forms that we write; DOT also by Graphviz, where it
is installed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from typing import Any, NamedTuple

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane import load
from sealane.cli.reports.graph.dot import dot
from sealane.cli.reports.graph.graph_file import GraphFile
from sealane.cli.reports.graph.mermaid import mermaid
from sealane.cli.reports.graph.networkx_formats import graphml, node_link
from sealane.cli.reports.graph.svg import TIED_MAX, svg
from sealane.cli.reports.graph.text_formats import TEXT_FORMATS, caveat
from sealane.primitives import UsageError
from sealane.scheduler import Schedule
from sealane.scheduler.picture.part import Choice, choose

from ....real_data import DEEP_CHAINS, MAINNET, REPOSITORY

NETWORKX: Any = networkx  # untyped where it reads
SVG = "{http://www.w3.org/2000/svg}"
Jobs = dict[str, tuple[list[str], list[str]]]
# odd ─a─▶ y ─b─▶ last; z by itself; odd and last conflict on a, too, which their path implies
ODD = '"x" <\\ & # ;`]'
JOBS: Jobs = {
    ODD: ([], ["a"]),
    "y": ([], ["a", "b"]),
    "z": ([], ["c"]),
    "last": (["a"], ["b"]),
}


class Read(NamedTuple):
    """What a reader found: the wave of each node, labels of nodes, and (from, to, label)."""

    waves: dict[int, int]
    labels: list[str]
    edges: list[tuple[int, int, str]]


def small(*, all_conflicts: bool = False, **choice: Any) -> GraphFile:
    block = Schedule.from_sets(JOBS.values(), ids=list(JOBS))
    return GraphFile(choose(block, Choice(**choice)), all_conflicts=all_conflicts)


@cache
def recorded(name: str) -> Schedule:
    paths = {"mainnet": MAINNET, "devnet": DEEP_CHAINS}
    return load(paths.get(name, REPOSITORY / "fixtures" / f"{name}.yaml")).schedule()


def of(name: str, **choice: Any) -> GraphFile:
    return GraphFile(choose(recorded(name), Choice(**choice)))


QUOTED = r'"((?:[^"\\]|\\.)*)"'
DOT_NODE = re.compile(rf" +n(\d+) \[label={QUOTED}, tooltip={QUOTED}, [^\]]*wave=(\d+)[^\]]*\];")
DOT_EDGE = re.compile(rf"  n(\d+) -> n(\d+) \[label={QUOTED}, edgetooltip={QUOTED}[^\]]*\];")


def read_dot(lines: Iterator[str]) -> Read:
    found = Read({}, [], [])
    first, *inner, last = lines
    assert re.fullmatch(rf"digraph {QUOTED} {{", first)
    assert last == "}"
    for line in inner:
        if node := DOT_NODE.fullmatch(line):
            found.waves[int(node[1])] = int(node[4])
            found.labels.append(re.sub(r"\\(.)", r"\1", node[2]))
        elif edge := DOT_EDGE.fullmatch(line):
            found.edges.append((int(edge[1]), int(edge[2]), re.sub(r"\\(.)", r"\1", edge[3])))
        else:
            assert re.match(
                r'  (subgraph cluster_wave_\d+ {|}|node |edge |rankdir|label=|  label=")', line
            )
    return found


MERMAID_NODE = re.compile(r'    n(\d+)\["([^"<>&]*)"\]:::(kind\d|other)')
MERMAID_EDGE = re.compile(r'  n(\d+) (?:-->|==>|-\.->)\|"([^"<>&]*)"\| n(\d+)')


def read_mermaid(lines: Iterator[str]) -> Read:
    found = Read({}, [], [])
    first, *rest = lines
    assert first == "flowchart LR"
    wave = -1
    for line in rest:
        if node := MERMAID_NODE.fullmatch(line):
            found.waves[int(node[1])] = wave
            found.labels.append(plain(node[2]))
        elif edge := MERMAID_EDGE.fullmatch(line):
            found.edges.append((int(edge[1]), int(edge[3]), plain(edge[2])))
        elif subgraph := re.fullmatch(r'  subgraph wave_(\d+)\["wave (\d+)"\]', line):
            wave = int(subgraph[1])
        else:
            assert re.match(
                r"    direction TB$|  end$|  classDef \w+ [\w:#,-]+$|  class n[\dn,]+ critical$",
                line,
            )
    return found


def plain(text: str) -> str:
    """Mermaid's text with its entities read."""
    assert not re.search(r"#(?!\d+;)", text)
    return re.sub(r"#(\d+);", lambda entity: chr(int(entity[1])), text)


@pytest.mark.parametrize("read", [(dot, read_dot), (mermaid, read_mermaid)])
def test_dot_and_mermaid_read_back(
    read: tuple[Callable[[GraphFile], Iterator[str]], Callable[[Iterator[str]], Read]],
) -> None:
    write, reader = read
    found = reader(write(small()))
    assert found.waves == {0: 0, 1: 1, 2: 0, 3: 2}
    assert sorted(found.labels) == sorted([*"yz", "last", '"x" <…# ;`]'])
    assert found.edges == [(0, 1, "a"), (1, 3, "a +1")]
    found = reader(write(small(all_conflicts=True)))
    assert found.edges[2:] == [(0, 3, "a")]
    found = reader(write(small(accounts=["b"])))
    assert found.waves == {0: 1, 1: 2}, "in the waves of the whole block"


@pytest.mark.parametrize("name", ["read_sharing", "devnet", "mainnet"])
@pytest.mark.parametrize("read", [(dot, read_dot), (mermaid, read_mermaid)])
def test_real_blocks_read_back(
    read: tuple[Callable[[GraphFile], Iterator[str]], Callable[[Iterator[str]], Read]], name: str
) -> None:
    write, reader = read
    schedule = recorded(name)
    found = reader(write(of(name)))
    assert [found.waves[n] for n in range(len(schedule))] == schedule.dag.waves.wave_of.tolist()
    assert [list(edge[:2]) for edge in found.edges] == schedule.dag.edges.tolist()
    assert max(map(len, found.labels)) <= 12, "short, whatever the ids are"


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
@pytest.mark.parametrize("graph", [small(), small(all_conflicts=True), small(top=1)])
def test_graphviz_reads_it(graph: GraphFile) -> None:
    done = subprocess.run(
        ["dot", "-Tplain"],
        input="\n".join(dot(graph)),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert not done.stderr
    words = [line.split(" ", 1)[0] for line in done.stdout.splitlines()]
    assert words.count("node") == len(graph.part)
    assert words.count("edge") == len(list(graph.edges()))


@pytest.mark.parametrize("name", ["read_sharing", "devnet", "mainnet"])
def test_networkx_reads_graphml_and_json(name: str) -> None:
    graph, schedule = of(name), recorded(name)
    by_xml = NETWORKX.read_graphml(BytesIO("\n".join(graphml(graph)).encode()))
    by_json = NETWORKX.node_link_graph(node_link(graph), edges="edges")
    for found in (by_xml, by_json):
        assert list(found.nodes) == list(schedule.ids)
        assert set(found.edges) == set(schedule.edges)
        waves = [found.nodes[name]["wave"] for name in schedule.ids]
        assert waves == schedule.dag.waves.wave_of.tolist()
        critical = [name for name in found if found.nodes[name]["critical"]]
        assert critical == sorted(schedule.critical_path.transactions, key=schedule.position)
    assert by_json.graph == {"file": schedule.source, "transactions": len(schedule), "only": []}


def test_what_was_chosen_is_told_in_each_file() -> None:
    graph = small(accounts=["b"])
    assert node_link(graph)["graph"]["only"] == ["lock b"]
    for form, write in TEXT_FORMATS.items():
        if form != "mermaid":
            assert "2 of 4 transactions, only those that lock b" in "\n".join(write(graph))


def test_implied_conflicts_are_told_from_edges() -> None:
    found = node_link(small(all_conflicts=True))
    assert [(edge["source"], edge["target"], edge["direct"]) for edge in found["edges"]] == [
        (ODD, "y", True),
        ("y", "last", True),
        (ODD, "last", False),
    ]


def parsed(graph: GraphFile) -> ET.Element:
    return ET.fromstring("\n".join(svg(graph)))


def titles(root: ET.Element, tag: str) -> list[str]:
    """What the elements of this kind say when one points at them."""
    return [found.findtext(f"{SVG}title") or "" for found in root.iter(f"{SVG}{tag}")]


def test_svg_has_a_box_and_an_arrow_for_each() -> None:
    root = parsed(small())
    boxes = [title.split("\n")[0] for title in titles(root, "rect") if title]
    assert sorted(boxes) == sorted(JOBS)
    arrows = [title for title in titles(root, "path") if title]
    assert arrows == [
        f"{ODD} → y: write after write on a",
        "y → last: read after write on a; write after write on b",
    ]
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert {"wave 0", "wave 1", "wave 2", "conflict with nobody: 1", "a +1"} <= set(texts)


def test_svg_of_real_blocks() -> None:
    for name, choice in (("read_sharing", {}), ("devnet", {}), ("mainnet", {"around": "5Vvd"})):
        graph = of(name, **choice)
        root = parsed(graph)
        assert sum(map(bool, titles(root, "rect"))) == len(graph.part)
        assert sum(map(bool, titles(root, "path"))) == len(graph.part.block.dag.edges)


def test_a_large_svg_is_bars_over_time() -> None:
    graph = of("mainnet")
    assert len(frozenset(graph.part.block.dag.edges.ravel().tolist())) > TIED_MAX
    root = parsed(graph)
    said = [title for title in titles(root, "rect") if title]
    assert len(said) == 602
    assert sum("waits for" in title for title in said) == 602 - 247
    makespan = recorded("mainnet").timeline(16, "dataflow").makespan
    assert f"{makespan:,}" in [text.text for text in root.iter(f"{SVG}text")]
    chosen = parsed(of("mainnet", top=450))
    classes = [rect.get("class") for rect in chosen.iter(f"{SVG}rect")]
    assert classes.count("faint") == 152, "the others, so that one sees who takes the time"


def test_shapes_are_inside_the_picture() -> None:
    for graph in (small(), of("devnet"), of("mainnet")):
        root = parsed(graph)
        _, _, width, height = map(float, (root.get("viewBox") or "").split())
        for rect in root.iter(f"{SVG}rect"):
            x, y, w, h = (float(rect.get(name) or 0) for name in ("x", "y", "width", "height"))
            assert x >= 0
            assert x + w <= width
            assert y >= 0
            assert y + h <= height


def test_a_file_is_self_contained() -> None:
    text = "\n".join(svg(of("devnet")))
    assert "<script" not in text
    assert re.findall(r'(?:href|src|url)[=(]"?([^")]*)', text).count("#head") == text.count("#head")
    assert "prefers-color-scheme: dark" in text


@given(st.text(min_size=1, max_size=14), st.text(min_size=1, max_size=14))
def test_any_name_can_be_written_and_read(name: str, account: str) -> None:
    jobs: Jobs = {name: ([], [account]), f"{name} ": ([account], [])}
    block = Schedule.from_sets(jobs.values(), ids=list(jobs))
    graph = GraphFile(choose(block, Choice()))
    if "\n" not in name + account and "\r" not in name + account:
        clean = [line.replace("\n", "").replace("\x85", "") for line in dot(graph)]
        assert len(read_dot(iter(clean)).edges) == 1
        assert len(read_mermaid(mermaid(graph)).edges) == 1
    assert sum(map(bool, titles(parsed(graph), "rect"))) == 2


def test_a_large_mermaid_file_says_what_its_reader_must_set() -> None:
    said = caveat("mermaid", list(mermaid(of("mainnet"))))
    assert said is not None
    assert said.startswith("855 edges, ")
    assert "maxEdges and maxTextSize" in said
    assert caveat("mermaid", list(mermaid(of("devnet")))) is None
    assert caveat("dot", list(dot(of("mainnet")))) is None


def test_too_many_conflicts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sealane.cli.reports.graph.graph_file.CONFLICTS_MAX", 2)
    with pytest.raises(UsageError, match="3 pairs conflict, and a file takes 2; choose some"):
        list(small(all_conflicts=True).edges())
    assert len(list(small().edges())) == 2
    monkeypatch.setattr("sealane.cli.reports.graph.graph_file.TRANSACTIONS_COUNTED_MAX", 3)
    with pytest.raises(UsageError, match="takes up to 3 transactions: choose some"):
        list(small(all_conflicts=True).edges())
