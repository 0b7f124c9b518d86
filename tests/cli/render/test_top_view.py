"""The view of a node at several widths; what it shows, and that nothing is cut."""

from __future__ import annotations

import io

import pytest

from sealane.cli.render.text import Console
from sealane.cli.render.top_view import CAUSE_LEN_MAX, TopView, size, spark
from sealane.node.metrics.prometheus import NodeMetrics
from sealane.node.metrics.vitals import StoreFiles, vitals_of
from sealane.node.metrics.watching import Look

from ...node.metrics.looks import GONE, NOW_S, busy_vitals, figures

BUSY = Look(busy_vitals()._replace(store=StoreFiles(123_456_789, 12_345_678, 3, 7)), None, 1.0)
QUIET_FIGURES = figures(NodeMetrics("1"))
QUIET = Look(vitals_of(QUIET_FIGURES, QUIET_FIGURES, 1.0, now_s=NOW_S), None, 1.0)


def shown(*looks: Look, width: int, framed: bool = True, colours: bool = False) -> str:
    """The last frame after these looks."""
    view, out = TopView("127.0.0.1:9464"), io.StringIO()
    for look in looks:
        view.add(look)
    system = "truecolor" if colours else None
    console = Console(file=out, width=width, color_system=system, force_terminal=colours)
    console.print(view.frame(looks[-1], width, framed=framed))
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 76, 80, 110, 200])
@pytest.mark.parametrize("look", [BUSY, QUIET], ids=["busy", "quiet"])
def test_it_fits_and_nothing_is_cut(look: Look, width: int) -> None:
    out = shown(look, look, width=width)
    assert max(map(len, out.splitlines())) <= width
    assert "…" not in out
    for part in ("Throughput", "Workers", "Mempool", "Memory", "Store", "Clients", "Retries"):
        assert part in out
    assert ("╭" in out) == (width >= 76)


def test_what_a_busy_node_shows() -> None:
    out = " ".join(shown(BUSY, width=40).split())
    for words in (
        "sealane 1.2.3 127.0.0.1:9464",
        "block 1,010 0.5 s ago",
        "500 tx/s",
        "5.00 blocks/s of 100 tx",
        "35.0 failed/s · 15.0 refused/s",
        "signatures 10.0 ms",
        "execute 200 ms ██",
        "workers 2 busy 75% ██",
        "parallel 10.0 × at most",
        "waiting 1,024 tx 812 kB",
        "checks 500/s 10.0 refused/s",
        "p50 ≤ 0.25 ms p99 ≤ 0.25 ms",
        "size 123 MB 7 files",
        "4 connected too large 1 ×",
        "worker-failed 10 ×",
    ):
        assert words in out, words


def test_what_a_quiet_node_shows() -> None:
    out = " ".join(shown(QUIET, width=80).split())
    assert "no block since it started" in out
    assert "none: state is in memory" in out
    assert "none since it started" in out
    assert "0 failed/s · 0 refused/s" in out


def test_who_executes_is_said_beside_the_workers() -> None:
    def lines(workers: int, width: int, age_s: float | None = 3.0) -> list[str]:
        vitals = QUIET.vitals
        assert vitals is not None
        parallel = vitals.parallel._replace(workers=workers)
        changed = vitals._replace(parallel=parallel, block_age_s=age_s)
        out = shown(Look(changed, None, 1.0), width=width)
        return [line.split("││")[0].strip(" │").rstrip() for line in out.splitlines()]

    for width in (40, 100):
        alone = lines(0, width)
        assert "workers             0  the node executed" in alone
        assert "busy                –" in alone
        assert "busy                –  idle" in lines(2, width)
        assert "workers             –" in lines(0, width, None)  # nothing was executed yet


def test_a_node_that_is_gone_keeps_its_last_figures() -> None:
    lines = [line.rstrip() for line in shown(GONE, width=40).splitlines()]
    assert lines[1:] == ["does not answer: Connection refused;", "tries again in 4 s"]
    out = shown(BUSY, GONE, width=80)
    assert "does not answer: Connection refused; tries again in 4 s" in out
    assert "500 tx/s" in out


def test_colours() -> None:
    assert "\x1b[" in shown(BUSY, width=80, colours=True)
    assert "\x1b[" not in shown(BUSY, width=80)


def test_causes_are_shown_on_one_line_whatever_they_are() -> None:
    vitals = busy_vitals()._replace(refused={"\x1b[2J" + "x" * 500: 1})
    out = shown(Look(vitals, None, 1.0), width=40)
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) <= 40


def test_a_spark_line() -> None:
    assert spark([], 5) == ""
    assert spark([0, 0], 5) == "▁▁"
    assert spark([1, 8, 4], 2) == "█▅"


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.00 kB"),
        (12_345_678, "12.3 MB"),
        (10**13, "10,000 GB"),
    ],
)
def test_sizes(length: int, text: str) -> None:
    assert size(length) == text


@pytest.mark.parametrize("more", [0, 1])
def test_the_longest_cause_and_one_character_more(more: int) -> None:
    cause = "c" * (CAUSE_LEN_MAX + more)
    vitals = busy_vitals()._replace(retries={cause: 3})
    out = shown(Look(vitals, None, 1.0), width=200)
    assert (cause in out) == (not more)
