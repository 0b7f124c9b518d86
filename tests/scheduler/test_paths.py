"""Paths: their parts, ids and parents, and what is refused."""

from __future__ import annotations

import pytest

from sealane.scheduler import AccessLists
from sealane.scheduler.paths import PARTS_MAX, PATH_LEN_MAX, PathTable, path_parts


def test_ancestors_come_before_what_is_below_them() -> None:
    table = PathTable()
    assert [table.id_of(path) for path in ("a/b/c", "a/d", "a/b/*", "e")] == [2, 3, 1, 4]
    assert table.names == ["a", "a/b", "a/b/c", "a/d", "e"]
    assert table.parents().tolist() == [-1, 0, 1, 0, -1]
    assert len(table) == 5


def test_the_root_is_above_all_once_it_is_named() -> None:
    table = PathTable()
    assert [table.id_of(path) for path in ("a/b", "*", "c", "*")] == [1, 2, 3, 2]
    assert table.names == ["a", "a/b", "*", "c"]
    assert table.parents().tolist() == [2, 0, -1, 2]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("a//b", "the path 'a//b' has an empty part"),
        ("/a", "the path '/a' has an empty part"),
        ("a/", "the path 'a/' has an empty part"),
        ("", "the path '' has an empty part"),
        ("/*", r"the path '/\*' has an empty part"),
        ("a/*/b", r"the path 'a/\*/b' has a \* inside; a \* stands alone, as the last part"),
        ("a/*/*", r"has a \* inside"),
        ("a*", r"the path 'a\*' has a \* inside"),
    ],
)
def test_what_is_no_path_is_refused(path: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        path_parts(path)
    with pytest.raises(ValueError, match=f"transaction 1: {message}|transaction 1: .*{message}"):
        AccessLists.from_paths([([], ["a"]), ([path], [])])


def test_limit_of_parts() -> None:
    assert len(path_parts("/".join(["a"] * PARTS_MAX))) == PARTS_MAX
    assert len(path_parts("/".join(["a"] * PARTS_MAX + ["*"]))) == PARTS_MAX
    with pytest.raises(ValueError, match=f"a path of {PARTS_MAX + 1} parts"):
        path_parts("/".join(["a"] * (PARTS_MAX + 1)))


def test_the_deepest_path_has_room_for_the_root() -> None:
    access, names = AccessLists.from_paths([([], ["/".join(["a"] * PARTS_MAX)]), ([], ["*"])])
    assert len(names) == PARTS_MAX + 1 == access.account_count


def test_limit_of_length() -> None:
    assert path_parts("a" * PATH_LEN_MAX) == ("a" * PATH_LEN_MAX,)
    with pytest.raises(ValueError, match="a path of 1,025 characters, but the limit is 1,024"):
        path_parts("a" * (PATH_LEN_MAX + 1))


def test_limit_of_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sealane.scheduler.paths.PATHS_MAX", 3)
    table = PathTable()
    assert [table.id_of(path) for path in ("a/b/c", "a/b/c")] == [2, 2]
    with pytest.raises(ValueError, match="more than 3 paths, with those above them"):
        table.id_of("d")
