"""The check of the built HTML finds what leads nowhere and what is loaded from elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from sealane.docs.site.check import faults_of

HEAD = '<link rel="stylesheet" href="../a.css"><h1 id="top">Title</h1>'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.css").write_text("")
    (tmp_path / "index.html").write_text('<a name="old"></a><p id="p q">')
    (tmp_path / "404.html").write_text('<a href="/anywhere/">')
    return tmp_path


@pytest.mark.parametrize(
    "body",
    [
        *('<a href="../index.html#p%20q">', '<a href="..#old">', '<a href="#top">', '<a href=".">'),
        *('<a href="https://elsewhere.example/#x">', '<img src="data:image/png;base64,AA==">'),
        *('<link rel="canonical" href="https://here.example/">', "<a>no link</a>"),
    ],
)
def test_what_is_sound(body: str, site: Path) -> None:
    (site / "sub" / "index.html").write_text(HEAD + body)
    assert list(faults_of(site)) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<a href="gone.html">', "gone.html: there is no such page"),
        ('<a href="../index.html#gone">', "../index.html#gone: there is no such anchor"),
        ('<a href="#gone">', "#gone: there is no such anchor"),
        ('<img src="../gone.svg">', "../gone.svg: there is no such page"),
        ('<script src="//cdn.example/x.js">', "loads //cdn.example/x.js from elsewhere"),
        (
            '<link rel="preload stylesheet" href="https://fonts.example/f">',
            "loads https://fonts.example/f from elsewhere",
        ),
    ],
)
def test_what_is_not(body: str, fault: str, site: Path) -> None:
    (site / "sub" / "index.html").write_text(HEAD + body)
    assert list(faults_of(site)) == [f"sub/index.html: {fault}"]
