"""Bad files given to the command: rows 25 to 31, 58 and 59 of the fault list.

What each says in detail is tested in tests/ingest/; here they go through the command, in a process
of its own where a file could crash it.
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import pytest

from sealane.cli.app import main

from ..cli.command import Ending, in_process_of_its_own

GOOD = "sealane: 1\naccounts: {alice: {lamports: 5}}\n"
DEPTH = 100_000


class Refused(Protocol):
    def __call__(self, path: Path, *said: str) -> None: ...


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Refused:
    """Check that the command refuses a file, with exit code 2 and one line that names it."""

    def check(path: Path, *said: str) -> None:
        monkeypatch.chdir(path.parent)
        code = main(["run", str(path)])
        captured = capsys.readouterr()
        require_refusal(Ending(code, captured.out, captured.err), path, said)

    return check


def require_refusal(ending: Ending, path: Path, said: Sequence[str]) -> None:
    assert ending.code == 2
    assert ending.out == ""
    assert ending.err.startswith(f"error: {path}")
    assert ending.err.count("\n") == 1
    # The folder is named after the test, and so holds many of the words that are looked for.
    message = ending.err.removeprefix(f"error: {path}")
    for words in said:
        assert words in message


@pytest.fixture
def bad(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


Write = Callable[[str, str | bytes], Path]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("truncated.json", '{"sealane": 1,\n "accounts": {"al', ":2: "),
        ("truncated.yaml", "sealane: 1\naccounts: {alice: {", ": not valid YAML"),
        ("utf8.yaml", b"sealane: 1\nwhy: caf\xe9\n", "offset 19"),
        ("mark.yaml", b"\xef\xbb\xbf" + GOOD.encode(), "byte-order mark"),
        ("empty.yaml", "", ""),
        ("empty.json", "", ""),
        ("empty.jsonl", "", ""),
    ],
)
def test_row_25_truncated_not_utf8_marked_empty(
    name: str, content: str | bytes, said: str, bad: Write, refused: Refused
) -> None:
    refused(bad(name, content), said)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("deep.json", "[" * DEPTH + "]" * DEPTH),
        ("deep.yaml", "[" * DEPTH + "]" * DEPTH),
        ("block.yaml", "".join(" " * n + "a:\n" for n in range(2000))),
        ("deep.jsonl", '{"a":' * DEPTH),
    ],
    # By itself, each would be in the name of the test, and so in the environment of what it starts.
    ids=["json", "yaml-flow", "yaml-block", "jsonl"],
)
@pytest.mark.parametrize("command", ["run", "replay"])
def test_row_26_nested_100_000_deep(name: str, content: str, command: str, bad: Write) -> None:
    path = bad(name, content)
    ending = in_process_of_its_own(command, path, cwd=path.parent)
    require_refusal(ending, path, ["deep"])


def test_row_27_duplicate_and_unknown_keys(bad: Write, refused: Refused) -> None:
    refused(bad("twice.yaml", "sealane: 1\naccounts: {}\naccounts: {}\n"), ":3: ", "accounts")
    refused(bad("twice.json", '{"sealane": 1,\n"fee": {},\n"fee": {}}'), ":3: ", "fee")
    refused(bad("unknown.yaml", "sealane: 1\naccuonts: {}\n"), ":2: ", "'accounts'")


@pytest.mark.parametrize(
    "number", ["1" + "0" * 5_000_000, "NaN", "Infinity", "1e999", "1.5", ".inf", "-1"]
)
@pytest.mark.parametrize("extension", ["json", "yaml"])
def test_row_28_numbers(number: str, extension: str, bad: Write, refused: Refused) -> None:
    content = f'{{"sealane": 1, "accounts": {{"alice": {{"lamports": {number}}}}}}}'
    refused(bad(f"number.{extension}", content))


def test_row_28_a_file_larger_than_any_may_be_is_not_read(tmp_path: Path, refused: Refused) -> None:
    path = tmp_path / "sparse.json"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    refused(path, "1,099,511,627,776")


def test_row_29_aliases_and_tags(bad: Write, refused: Refused) -> None:
    laughs = "a0: &a0 [x, x]\n" + "".join(
        f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40)
    )
    refused(bad("laughs.yaml", laughs), ":1: ", "the anchor &a0")
    tag = "sealane: 1\nwhy: !!python/object/apply:os.system ['touch harmed']\n"
    path = bad("tag.yaml", tag)
    refused(path, ":2: ", "the tag !!python/object/apply:os.system")
    assert not (path.parent / "harmed").exists()


def test_row_30_paths_that_are_no_files(tmp_path: Path, refused: Refused) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    refused(tmp_path, "folder")
    refused(fifo)
    refused(Path("/dev/zero"))
    refused(tmp_path / "missing.yaml", "no such file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_row_30_unreadable(bad: Write, refused: Refused) -> None:
    path = bad("secret.yaml", GOOD)
    path.chmod(0)
    refused(path)


class Harm:
    """Pickled, it harms whoever unpickles it."""

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return os.mkdir, ("harmed",)


@pytest.mark.parametrize("extension", ["yaml", "json", "jsonl"])
def test_row_31_a_pickle_posing_as_a_fixture(extension: str, bad: Write, refused: Refused) -> None:
    path = bad(f"pickle.{extension}", pickle.dumps(Harm()))
    refused(path)
    text = bad(f"text.{extension}", pickle.dumps(Harm(), protocol=0))
    refused(text)
    assert not (path.parent / "harmed").exists()


def test_row_31_a_fixture_naming_a_module(bad: Write, refused: Refused) -> None:
    path = bad("harm.py", "import os\nos.mkdir('harmed')\nprogram = 1\n")
    for owner in ("harm", "harm:program", "harm.program"):
        fixture: dict[str, object] = {
            "sealane": 1,
            "accounts": {"alice": {"owner": owner, "data": {"layout": f"{owner}.X"}}},
            "transactions": [{"instructions": [{f"{owner}.x": {}}]}],
        }
        refused(bad("naming.json", json.dumps(fixture)))
    assert not (path.parent / "harmed").exists()
    assert "harm" not in sys.modules


INTEGERS = {"010": 10, "1__0": 10, "_1": 1, "1_": 1, "+5": 5, "-0": 0, " 5": 5, "５": 5}
TRANSFER = {"source": "alice", "destination": "bob", "lamports": 1}


@pytest.mark.parametrize("spelling", INTEGERS)
@pytest.mark.parametrize("extension", ["yaml", "json", "jsonl"])
def test_row_58_integers_have_one_spelling(
    extension: str, spelling: str, bad: Write, refused: Refused
) -> None:
    call = {"system.transfer": TRANSFER | {"lamports": spelling}}
    parts: list[tuple[dict[str, object], list[dict[str, object]]]] = [
        ({"accounts": {"alice": {"lamports": spelling}}}, []),
        ({"accounts": {"alice": {"lamports": 5}}}, [{"instructions": [call]}]),
        ({"fee": {"lamports_per_signature": spelling}}, []),
        ({}, [{"writes": ["alice"], "cost": spelling}]),
    ]
    for header, transactions in parts:
        header = {"sealane": 1, **header}
        if extension == "jsonl":
            content = "\n".join(json.dumps(part) for part in (header, *transactions))
        else:
            content = json.dumps(header | {"transactions": transactions})
            if extension == "yaml" and spelling.isascii() and " " not in spelling:
                content = content.replace(f'"{spelling}"', spelling)  # plain
        path = bad(f"number.{extension}", content)
        refused(path, f"write {INTEGERS[spelling]} (", "no leading zero")


def test_row_58_minus_zero_is_no_number_of_json_here(bad: Write, refused: Refused) -> None:
    path = bad("zero.json", '{"sealane": 1,\n"accounts": {"alice": {"lamports": -0}}}')
    refused(path, ":2: ", "write 0")


@pytest.mark.parametrize("data", ["AB==", "AAAA=", "AAAA====", "AAB=", "A A=", "AAA"])
def test_row_58_base64_has_one_spelling(data: str, bad: Write, refused: Refused) -> None:
    account = json.dumps({"data": f"base64:{data}"})
    raw = json.dumps({"program": "system", "data": f"base64:{data}"})
    for content in (
        f'"accounts": {{"alice": {account}}}',
        f'"transactions": [{{"payer": "alice", "instructions": [{raw}]}}]',
    ):
        refused(bad("bytes.json", f'{{"sealane": 1, {content}}}'), "write ")


@pytest.mark.parametrize("spelling", [*INTEGERS, "1e3", "²"])
def test_row_58_options_have_one_spelling(
    spelling: str, bad: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = bad("good.yaml", GOOD)
    for arguments in (
        ["run", str(path), f"--workers={spelling}"],
        ["run", str(path), f"--memory={spelling}"],
        ["gen", f"--n={spelling}"],
        ["gen", f"--seed={spelling}"],
    ):
        assert main(arguments) == 2
        message = capsys.readouterr().err
        assert "is no integer: write " in message
        assert arguments[-1].split("=")[0] in message


@pytest.mark.parametrize(
    ("account", "wanted"),
    [
        ({"lamports": None}, "expected an integer, found nothing; write plain digits"),
        ({"owner": None}, "expected text"),
        ({"executable": None}, "write `true` or `false`"),
        ({"data": {"layout": "token.Account", "amount": None}}, "null is no integer: write one"),
        ({"data": {"layout": "token.Account", "owner": None}}, "null is no key: give a name"),
        ({"data": {"layout": "token.Account", "state": None}}, "null is none of uninitialized, "),
        ({"data": {"layout": None}}, "expected text"),
    ],
)
def test_row_58_null_is_told_what_is_wanted(
    account: object, wanted: str, bad: Write, refused: Refused
) -> None:
    refused(bad("null.json", json.dumps({"sealane": 1, "accounts": {"alice": account}})), wanted)


COMPOSED, DECOMPOSED = "caf\u00e9", "cafe\u0301"


@pytest.mark.parametrize("one", [COMPOSED, DECOMPOSED])
@pytest.mark.parametrize(
    "content",
    [
        {"accounts": {"ONE": {}, "TWO": {}}},
        {"accounts": {"ONE": {}}, "transactions": [{"writes": ["TWO"]}]},
        {"transactions": [{"payer": "ONE", "instructions": [{"program": "TWO"}]}]},
        {"transactions": [{"id": "ONE", "writes": ["a"]}, {"id": "TWO", "writes": ["a"]}]},
        {"accounts": {"ONE": {}}, "expect": {"accounts": {"TWO": {}}}},
        {"accounts": {"ONE": {"owner": "TWO"}}},
    ],
)
def test_row_58_names_that_look_alike(
    content: dict[str, object], one: str, bad: Write, refused: Refused
) -> None:
    two = DECOMPOSED if one == COMPOSED else COMPOSED
    text = json.dumps({"sealane": 1, **content}).replace("ONE", one).replace("TWO", two)
    refused(bad("alike.json", text), r"'caf\xe9'", r"'cafe\u0301'", "write it one way")


def test_row_58_letters_of_another_width_look_alike(bad: Write, refused: Refused) -> None:
    text = json.dumps({"sealane": 1, "transactions": [{"writes": ["bob"], "reads": ["ｂｏｂ"]}]})
    refused(bad("wide.json", text), r"'bob' and '\uff42\uff4f\uff42'")


@pytest.mark.parametrize(
    "start",
    [
        '{"sealane": 1, "why": [',
        '{"blockhash": "a", "previousBlockhash": "b", "parentSlot": 1, "transactions": [',
    ],
)
def test_row_59_small_values_that_grow_when_read(start: str, bad: Write, refused: Refused) -> None:
    path = bad("many.json", start + "[]," * 5_000_000 + "[]]}")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused(path, "more than 8,000,000 values")
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert (after - before) * 1024 < 8 * path.stat().st_size  # as lists, they take 25 times that
