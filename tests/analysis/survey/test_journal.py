"""Journals: what was written is there again, whatever happened to the last line."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from sealane import InputError
from sealane.analysis.survey import Journal, Row, survey
from sealane.analysis.survey.journal import FileIdentity

from .rows import write_chains


def journaled(path: Path, files: list[str]) -> list[Row]:
    with Journal(str(path)) as journal:
        return survey(files, workers=0, journal=journal)


def known(path: Path, files: list[str], *options: str) -> list[str]:
    """Those of the files that the journal has."""
    with Journal(str(path), options) as journal:
        return [file for file in files if journal.rows(file, FileIdentity.of(file)) is not None]


def spoil(file: str) -> None:
    """Change a file's content so that nobody notices who does not read it."""
    before = os.stat(file)
    Path(file).write_bytes(b"?" * before.st_size)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_files_that_are_done_are_not_read_again(tmp_path: Path) -> None:
    files = write_chains(tmp_path, 2, 3)
    rows = journaled(tmp_path / "journal", files)
    for file in files:
        spoil(file)
    assert journaled(tmp_path / "journal", files) == rows


def test_the_name_in_the_row_is_the_one_given_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file,) = write_chains(tmp_path, 2)
    journaled(tmp_path / "journal", [file])
    monkeypatch.chdir(tmp_path)
    spoil(file)
    (row,) = journaled(tmp_path / "journal", [Path(file).name])
    assert row.file == "chain_2.yaml"
    assert row.error is None


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    (file,) = write_chains(tmp_path, 2)
    journaled(tmp_path / "journal", [file])
    os.utime(file, ns=(1, 1))
    assert known(tmp_path / "journal", [file]) == []
    journaled(tmp_path / "journal", [file])
    assert known(tmp_path / "journal", [file]) == [file]


def test_other_options_are_another_survey(tmp_path: Path) -> None:
    files = write_chains(tmp_path, 2)
    journaled(tmp_path / "journal", files)
    assert known(tmp_path / "journal", files, "no votes") == []
    assert known(tmp_path / "journal", files) == files


def test_another_version_of_sealane_surveys_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = write_chains(tmp_path, 2)
    journaled(tmp_path / "journal", files)
    monkeypatch.setattr("sealane.analysis.survey.journal.find_version", lambda: "another")
    assert known(tmp_path / "journal", files) == []


def test_a_file_that_failed_is_tried_again(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.yaml")
    (row,) = journaled(tmp_path / "journal", [missing])
    assert row.error == "no such file; check the path"
    assert (tmp_path / "journal").read_bytes().count(b"\n") == 1


def test_a_journal_that_was_cut_has_the_rows_before_the_cut(tmp_path: Path) -> None:
    files = write_chains(tmp_path, 2, 3)
    whole = tmp_path / "journal"
    journaled(whole, files)
    content = whole.read_bytes()
    ends = [n for n, byte in enumerate(content) if byte == ord("\n")]
    cut = tmp_path / "cut"
    around = {end + step for end in [-1, *ends] for step in (0, 1, 2, 40)}
    for length in sorted(length for length in around if 0 <= length <= len(content)):
        cut.write_bytes(content[:length])
        complete = sum(end < length for end in ends[1:])
        assert known(cut, files) == files[:complete]
        kept = ends[complete] + 1
        assert cut.read_bytes() == content[:kept], "a line that was cut short is gone"


def test_after_a_cut_the_survey_goes_on(tmp_path: Path) -> None:
    files = write_chains(tmp_path, 2, 3, 4)
    path = tmp_path / "journal"
    rows = journaled(path, files)
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])
    assert journaled(path, files) == rows
    assert path.read_bytes() == whole


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"a letter to a friend", 1, "no journal of a survey; name another file"),
        (b"a letter\nto a friend\n", 1, "no journal of a survey; name another file"),
        (b"[1]\n", 1, "no journal of a survey"),
        (b'{"sealane_survey": 7}\n', 1, "a journal of format 7, and this sealane writes format 2"),
        (b'{"sealane_survey": 2}\n{"file": 3}\n', 2, "remove this damaged line"),
        (b'{"sealane_survey": 2}\n?\n', 2, "remove this damaged line"),
    ],
)
def test_another_file_is_refused_and_left_alone(
    content: bytes, line: int, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "journal"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said) as raised:
        Journal(str(path))
    assert raised.value.line == line
    assert raised.value.path == str(path)
    assert path.read_bytes() == content


def test_two_surveys_do_not_share_a_journal(tmp_path: Path) -> None:
    path = str(tmp_path / "journal")
    said = "another survey is writing to this journal"
    with Journal(path), pytest.raises(InputError, match=said):
        Journal(path)
    Journal(path).close()


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened: Is a directory"):
        Journal(str(tmp_path))
    with pytest.raises(InputError, match="no regular file"):
        Journal("/dev/null")
    with pytest.raises(InputError, match="cannot be opened: No such file"):
        Journal(str(tmp_path / "none" / "journal"))


def test_an_entry_is_written_at_once(tmp_path: Path) -> None:
    (file,) = write_chains(tmp_path, 2)
    path = tmp_path / "journal"
    with Journal(str(path)) as journal:
        survey([file], workers=0, journal=journal)
        entry = json.loads(path.read_bytes().splitlines()[1])
        assert entry["file"][0] == file
        assert [block["figures"]["transactions"] for block in entry["blocks"]] == [3]
