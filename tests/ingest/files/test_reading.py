"""Paths that are no readable text file: row 30 of the faults, and the size caps of row 28."""

from __future__ import annotations

import gzip
import io
import os
import socket
import stat
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sealane.ingest.files import opening
from sealane.ingest.files.reading import LINE_LEN_MAX, read_bytes
from sealane.ingest.read_input import read_input
from sealane.primitives import InputError


def refused(path: str | Path) -> str:
    """The message after the path; the path itself must lead it."""
    with pytest.raises(InputError) as caught:
        read_input(path)
    assert caught.value.path == str(path)
    prefix = f"{path}: "
    assert str(caught.value).startswith(prefix)
    return str(caught.value).removeprefix(prefix)


def test_a_dash_is_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("-").write_text("sealane: 1\nwhy: a file of that name\n")
    with given_on_stdin(b"sealane: 1\nwhy: piped in\n", monkeypatch):
        assert getattr(read_input("-"), "why") == "piped in"  # noqa: B009
        assert refused("-") == "the file is empty; a fixture starts with `sealane: 1`"
    assert getattr(read_input("./-"), "why") == "a file of that name"  # noqa: B009


def test_closed_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert refused("-") == "standard input is closed; name a file"


@contextmanager
def given_on_stdin(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Standard input gives these bytes."""
    with io.TextIOWrapper(io.BytesIO(raw)) as stream, monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", stream)
        yield


class TestGzip:
    def test_gzip_is_recognised_by_its_content(self, tmp_path: Path) -> None:
        path = tmp_path / "fixture.yaml"
        path.write_bytes(gzip.compress(b"sealane: 1\nwhy: packed\n"))
        assert getattr(read_input(path), "why") == "packed"  # noqa: B009
        path.rename(tmp_path / "plain.gz")
        (tmp_path / "plain.gz").write_text("sealane: 1\nwhy: not packed\n")
        assert getattr(read_input(tmp_path / "plain.gz"), "why") == "not packed"  # noqa: B009

    def test_several_members_are_one_file(self, tmp_path: Path) -> None:
        path = tmp_path / "fixture.gz"
        path.write_bytes(gzip.compress(b"sealane: 1\n") + gzip.compress(b"why: two\n"))
        assert getattr(read_input(path), "why") == "two"  # noqa: B009

    def test_on_standard_input(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with given_on_stdin(gzip.compress(b'{"sealane": 1}\n{"writes": []}\n'), monkeypatch):
            assert len(getattr(read_input("-"), "transactions")) == 1  # noqa: B009

    def test_unpacked_data_has_a_size_limit(self, tmp_path: Path) -> None:
        path = tmp_path / "zeros.gz"
        path.write_bytes(gzip.compress(b"x" * 1001))
        assert read_bytes(str(path), len_max=1001) == b"x" * 1001
        with pytest.raises(InputError, match="the file has 1,001 bytes, and 1,000 at most"):
            read_bytes(str(path), len_max=1000)

    @pytest.mark.parametrize("damage", ["cut", "flipped", "trailing"])
    def test_corrupt_gzip_is_reported(self, tmp_path: Path, damage: str) -> None:
        raw = bytearray(gzip.compress(b"sealane: 1\nwhy: something longer\n"))
        if damage == "cut":
            del raw[-6:]
        elif damage == "flipped":
            raw[len(raw) // 2] ^= 0xFF
        else:
            raw += b"no gzip"
        path = tmp_path / "damaged.gz"
        path.write_bytes(raw)
        assert refused(path) == "the gzip data is damaged or cut short; copy the file again"

    def test_packed_twice(self, tmp_path: Path) -> None:
        path = tmp_path / "twice.gz"
        path.write_bytes(gzip.compress(gzip.compress(b"sealane: 1\n")))
        with pytest.raises(InputError, match="gzip-compressed twice; unpack it first"):
            read_input(path)


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
        expected = "this is a FIFO, not a regular file; pipe it in and name -"
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
    monkeypatch.setattr(opening, "_status", lambda _: regular)  # pyright: ignore
    assert refused(fifo).startswith("this is a FIFO")


def test_the_size_cap_is_checked_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_bytes(b"x" * 10)
    assert read_bytes(str(path), len_max=10) == b"x" * 10
    with path.open("r+b") as stream:
        stream.truncate(1 << 40)  # a sparse file; memory could not hold it
    with pytest.raises(InputError, match=r"large\.yaml: the file has 1,099,511,627,776 bytes"):
        read_input(path)


def test_the_size_cap_holds_for_files_of_unknown_size(monkeypatch: pytest.MonkeyPatch) -> None:
    # Files under /proc claim to be empty.
    assert stat.S_ISREG(os.stat("/proc/self/maps").st_mode)
    with pytest.raises(InputError, match=r"the file has 11 bytes, and 10 at most"):
        read_bytes("/proc/self/maps", len_max=10)


def test_the_header_of_jsonl_has_all_accounts_and_may_be_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sealane.ingest.files.jsonl_reader.JSON_LEN_MAX", LINE_LEN_MAX + 9)
    path = tmp_path / "long.jsonl"
    head, tail = '{"sealane": 1', "}\n"
    padding = " " * (LINE_LEN_MAX + 9 - len(head) - len(tail))
    path.write_text(f'{head}{padding}{tail}{{"writes": []}}')
    assert len(getattr(read_input(path), "transactions")) == 1  # noqa: B009
    path.write_text(f'{head}{padding} {tail}{{"writes": []}}')
    with pytest.raises(InputError, match=r"long\.jsonl:1: the line is longer than 16,777,225"):
        read_input(path)


def test_a_line_of_jsonl_has_a_length_limit(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    head, tail = '{"id": "long", "writes": []', "}"
    padding = " " * (LINE_LEN_MAX - len(head) - len(tail))
    path.write_text(f'{{"sealane": 1}}\n{head}{padding}{tail}')
    fixture = read_input(path)
    assert [spec.id for spec in getattr(fixture, "transactions")] == ["long"]  # noqa: B009
    path.write_text(f'{{"sealane": 1}}\n{head}{padding} {tail}')
    with pytest.raises(InputError, match=r"long\.jsonl:2: the line is longer than 16,777,216"):
        read_input(path)
