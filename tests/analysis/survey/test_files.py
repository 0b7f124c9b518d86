"""Folders stand for the files in them that may hold blocks."""

from __future__ import annotations

from pathlib import Path

from sealane.analysis.survey.files import files_to_survey


def test_a_folder_stands_for_its_files_by_name(tmp_path: Path) -> None:
    for name in ("b.json", "a.json.gz", "c.yaml", "README.md", ".hidden.json", "counter.py"):
        (tmp_path / name).write_text("")
    (tmp_path / "inner.json").mkdir()
    given = ["first.txt", str(tmp_path), "-"]
    inside = [str(tmp_path / name) for name in ("a.json.gz", "b.json", "c.yaml")]
    assert list(files_to_survey(given)) == ["first.txt", *inside, "-"]


def test_a_folder_without_any_stands_for_itself(tmp_path: Path) -> None:
    assert list(files_to_survey([str(tmp_path)])) == [str(tmp_path)]
