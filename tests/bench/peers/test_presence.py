"""A peer that cannot be imported is absent, for whatever reason, and the reason is told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sealane.bench.peers.presence import why_absent


def test_what_can_be_imported_is_there() -> None:
    assert why_absent("json.decoder", "install it") is None


def test_what_is_not_installed_says_how_to_get_it() -> None:
    assert why_absent("not_there.part", "install it") == "not_there: not installed; install it"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("raising", "raise RuntimeError('made for another machine')", "RuntimeError: made for"),
        ("lacking", "import not_there_either", "ModuleNotFoundError: No module named"),
        ("older", "from json import nothing_like_it", "ImportError: cannot import name"),
    ],
)
def test_what_is_installed_and_broken_says_why(
    name: str, text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"peer_{name}.py").write_text(text)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    why = why_absent(f"peer_{name}", "install it")
    assert why is not None
    assert why.startswith(f"peer_{name}: importing it failed ({said}")
    assert why.endswith(f"; pip install --force-reinstall peer_{name}")


def test_a_package_without_the_part_is_too_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "peer_small").mkdir()
    (tmp_path / "peer_small" / "__init__.py").touch()
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    why = why_absent("peer_small.part", "install it")
    assert why is not None
    assert "No module named 'peer_small.part'" in why
