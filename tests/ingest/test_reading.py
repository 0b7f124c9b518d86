"""Paths that are no readable text file: row 30 of the faults, and the size caps of row 28."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest

from sealane.ingest.files import reading
from sealane.ingest.files.reading import LINE_LEN_MAX, read_bytes
from sealane.ingest.load import load
from sealane.primitives import InputError


def refused(path: str | Path) -> str:
    """The message after the path; the path itself must lead it."""
    with pytest.raises(InputError) as caught:
        load(path)
    assert caught.value.path == str(path)
    prefix = f"{path}: "
    assert str(caught.value).startswith(prefix)
    return str(caught.value).removeprefix(prefix)


def test_a_dash_is_standard_input_unless_a_file_has_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = "standard input is not read; save what it gives to a file and name that"
    assert refused("-") == said
    Path("-").write_text("sealane: 1\n")
    load("-")


@pytest.mark.parametrize("extension", ["", ".yaml", ".json", ".jsonl"])
class TestNoRegularFile:
    def test_missing(self, tmp_path: Path, extension: str) -> None:
        assert refused(tmp_path / f"none{extension}") == "no such file; check the path"

    def test_dangling_link(self, tmp_path: Path, extension: str) -> None:
        link = tmp_path / f"link{extension}"
        link.symlink_to(tmp_path / "nowhere")
        assert refused(link) == "no such file; check the path"

    def test_folder(self, tmp_path: Path, extension: str) -> None:
        folder = tmp_path / f"folder{extension}"
        folder.mkdir()
        assert refused(folder) == "this is a folder; name a file in it"

    def test_fifo_is_not_waited_for(self, tmp_path: Path, extension: str) -> None:
        fifo = tmp_path / f"fifo{extension}"
        os.mkfifo(fifo)
        expected = "this is a FIFO, not a regular file; save what it gives to a file first"
        assert refused(fifo) == expected

    def test_socket(self, tmp_path: Path, extension: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)  # a socket's path is short by its nature
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(f"s{extension}")
            assert refused(f"s{extension}").startswith("this is a socket, not a regular file")

    def test_unreadable(
        self, tmp_path: Path, extension: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / f"locked{extension}"
        path.write_text("sealane: 1\n")

        def denied(*_: object, **__: object) -> int:
            raise PermissionError(13, "Permission denied")  # root may read anything: pretend

        monkeypatch.setattr(os, "open", denied)
        assert refused(path) == "the file may not be read; check its permissions"


def test_reading_fails_after_opening() -> None:
    # A regular file to stat, but its first page can never be read.
    assert (
        refused("/proc/self/mem") == "the file cannot be read (Input/output error); check the path"
    )


def test_device() -> None:
    expected = "this is a device, not a regular file; save what it gives to a file first"
    assert refused("/dev/zero") == expected


def test_path_with_a_nul_byte() -> None:
    assert refused("a\0b.yaml") == "the file cannot be read (embedded null byte); check the path"


def test_a_path_that_turns_into_a_fifo_after_the_check_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fifo = tmp_path / "fixture.yaml"
    os.mkfifo(fifo)
    regular = os.stat(__file__)
    monkeypatch.setattr(reading, "_status", lambda _: regular)  # pyright: ignore
    assert refused(fifo).startswith("this is a FIFO")


def test_the_size_cap_is_kept_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_bytes(b"x" * 10)
    assert read_bytes(str(path), len_max=10) == b"x" * 10
    with path.open("r+b") as stream:
        stream.truncate(1 << 40)  # a sparse file; memory could not hold it
    with pytest.raises(InputError, match=r"large\.yaml: the file has 1,099,511,627,776 bytes"):
        load(path)


def test_the_size_cap_holds_where_the_size_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    # Files under /proc claim to be empty.
    assert stat.S_ISREG(os.stat("/proc/self/maps").st_mode)
    with pytest.raises(InputError, match=r"the file has 11 bytes, and 10 at most"):
        read_bytes("/proc/self/maps", len_max=10)


def test_a_line_of_jsonl_has_a_longest_length(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    head, tail = '{"id": "long", "writes": []', "}"
    padding = " " * (LINE_LEN_MAX - len(head) - len(tail))
    path.write_text(f'{{"sealane": 1}}\n{head}{padding}{tail}')
    fixture = load(path)
    assert [spec.id for spec in getattr(fixture, "transactions")] == ["long"]  # noqa: B009
    path.write_text(f'{{"sealane": 1}}\n{head}{padding} {tail}')
    with pytest.raises(InputError, match=r"long\.jsonl:2: the line is longer than 16,777,216"):
        load(path)
