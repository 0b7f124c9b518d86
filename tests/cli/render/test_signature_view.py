"""What is shown of a block's signatures: at each bound of a terminal, and one past it."""

from __future__ import annotations

import pytest

from sealane.cli.render.page import Page
from sealane.cli.render.signature_view import (
    REASONS_SHOWN_MAX,
    WRONG_SHOWN_MAX,
    render_signatures,
)
from sealane.signatures.block_signatures import SignatureReport, Unchecked, WrongSignature


def shown(report: SignatureReport, capsys: pytest.CaptureFixture[str], *, terminal: bool) -> str:
    page = Page(width=80, is_terminal=terminal)
    render_signatures(report, page, quiet=False, strict=False)
    page.write()
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("kind", "most"), [("wrong", WRONG_SHOWN_MAX), ("unchecked", REASONS_SHOWN_MAX)]
)
def test_as_many_as_a_terminal_shows_and_one_more(
    kind: str, most: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    for count in (most, most + 1):
        wrong = tuple(WrongSignature(f"pay-{n}", "alice") for n in range(count))
        unchecked = tuple(Unchecked(f"pay-{n}", f"reason {n}") for n in range(count))
        report = SignatureReport(
            0, wrong if kind == "wrong" else (), unchecked if kind == "unchecked" else ()
        )
        on_terminal = shown(report, capsys, terminal=True)
        assert f"pay-{most - 1}" in on_terminal
        assert ("… and 1 more; --json has all" in on_terminal) == (count > most)
        assert f"pay-{most}" not in on_terminal
        assert f"pay-{count - 1}" in shown(report, capsys, terminal=False)
