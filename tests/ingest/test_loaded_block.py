"""`sealane.load`: from every kind of source, what the commands read, and what they say of it."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import os
import pickle
import tempfile
from pathlib import Path
from typing import IO, Any, cast

import pytest

import sealane
from sealane.primitives import InputError, UsageError
from sealane.programs import Program, u64

FIXTURE = """
sealane: 1
accounts: {alice: {lamports: 10}}
transactions:
  - id: pay
    instructions: [{system.transfer: {source: alice, destination: bob, lamports: 1}}]
  - {id: look, reads: [bob], cost: 4}
"""
BLOCKS = Path(__file__).parents[2] / "fixtures" / "blocks"
MAINNET = BLOCKS / "mainnet_254170887.json.gz"


class GivesBytes(os.PathLike[Any]):
    """A path that is bytes."""

    def __fspath__(self) -> Any:
        return b"missing.yaml"


class NoPath(os.PathLike[Any]):
    """A path that is none."""

    def __fspath__(self) -> Any:
        return 5


class Answering:
    """Its `read` always returns the same."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def read(self, size: int) -> object:
        del size
        return self.answer


class Unsized:
    """Its `read` takes no size."""

    def read(self) -> bytes:
        return b""


def released() -> memoryview:
    view = memoryview(b"sealane: 1")
    view.release()
    return view


def closed() -> io.BytesIO:
    file = io.BytesIO()
    file.close()
    return file


def detached() -> io.TextIOWrapper:
    file = io.TextIOWrapper(io.BytesIO())
    file.detach()
    return file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    written = tmp_path / "f.yaml"
    written.write_text(FIXTURE)
    return written


def test_paths_bytes_and_open_files_give_one_schedule(path: Path) -> None:
    raw = FIXTURE.encode()
    packed = gzip.compress(raw)
    with path.open("rb") as for_bytes, path.open() as for_text:
        blocks = [
            sealane.load(path),
            sealane.load(str(path)),
            sealane.load(raw),
            sealane.load(bytearray(raw)),
            sealane.load(memoryview(packed)),
            sealane.load(for_bytes),
            sealane.load(for_text),
            sealane.load(io.BytesIO(packed)),
            sealane.load(io.StringIO(FIXTURE)),
        ]
        assert not for_bytes.closed
        assert not for_text.closed
    assert {json.dumps(block.schedule().to_dict()) for block in blocks} == {
        json.dumps(blocks[0].schedule().to_dict())
    }
    names = [block.path for block in blocks]
    assert names == [*[str(path)] * 2, *["<bytes>"] * 3, *[str(path)] * 2, *["<file>"] * 2]


def test_whatever_reads_as_text_is_a_text_file(tmp_path: Path) -> None:
    text = FIXTURE.replace("id: pay", "id: žluť€") + "#" + "😀" * 300_000
    with tempfile.NamedTemporaryFile("w+", encoding="utf-8") as temporary:
        temporary.write(text)
        temporary.seek(0)
        assert sealane.load(temporary).ids == sealane.load(text.encode()).ids  # pyright: ignore[reportArgumentType]
    (tmp_path / "f.yaml").write_text(text, encoding="utf-16-le")
    with codecs.getreader("utf-16-le")((tmp_path / "f.yaml").open("rb")) as decoding:
        block = sealane.load(decoding)  # pyright: ignore[reportArgumentType]
    assert block.ids == sealane.load(text.encode()).ids
    assert block.path == str(tmp_path / "f.yaml")


def test_a_file_opened_for_writing_is_refused(tmp_path: Path) -> None:
    for mode in ("w", "wb"):
        with (tmp_path / "new").open(mode) as file, pytest.raises(UsageError) as caught:
            sealane.load(cast("IO[bytes]", file))
        assert "is not open for reading; give a file that is open" in str(caught.value)


def test_a_strided_view_is_read_as_its_bytes() -> None:
    spread = b"".join(b"%c." % letter for letter in FIXTURE.encode())
    assert sealane.load(memoryview(spread)[::2]).ids == sealane.load(FIXTURE.encode()).ids


@pytest.mark.parametrize(
    "text",
    [
        FIXTURE.replace("bob", "alise"),
        '{"sealane": 1, "transactions": [{"id": "pay", "writes": ["bob"]}]}',
        '{"sealane": 1}\n{"id": "pay", "instructions": []}\n',
    ],
    ids=["YAML", "JSON", "JSONL"],
)
def test_a_fixture_survives_pickling(text: str) -> None:
    block = sealane.load(text.encode())
    again: sealane.LoadedBlock = pickle.loads(pickle.dumps(block))
    assert not again.is_recorded
    assert repr(again) == repr(block)
    assert again.schedule().to_dict() == block.schedule().to_dict()
    assert again.accounts == block.accounts
    assert again.warnings == block.warnings


def test_standard_input_is_named_as_in_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(FIXTURE.encode())))
    assert repr(sealane.load("-")) == "<LoadedBlock -: fixture of 2 transactions, 2 accounts>"


def test_a_fixture_has_names_and_starting_accounts(path: Path) -> None:
    block = sealane.load(path)
    assert list(block.ids) == ["pay", "look"]
    assert sorted(block.account_names)[:2] == ["alice", "bob"]
    assert {str(key): account.lamports for key, account in block.accounts.items()} == {
        str(sealane.Pubkey.of("alice")): 10
    }
    assert not block.is_recorded
    schedule = block.schedule()
    assert schedule.explain("look").blocked_by[0].conflicts == (("bob", "read after write", None),)
    assert schedule.without("program:system").ids == ["look"]
    assert schedule.without("votes").ids == ["pay", "look"], "a fixture has no votes"


def test_a_loaded_block_runs() -> None:
    block = sealane.load(FIXTURE.encode())
    runnable = sealane.load(b"\n".join(FIXTURE.encode().split(b"\n")[:-2]))
    with sealane.Runtime(workers=0) as runtime:
        runtime.place_accounts(runnable.accounts)
        assert runtime.execute(runnable.block).ok
        assert runtime.account("bob").lamports == 1
    with sealane.Runtime(workers=0) as runtime, pytest.raises(UsageError, match="only its locks"):
        runtime.execute(block.block)


def test_a_loaded_block_itself_is_refused_with_the_next_step() -> None:
    runnable = sealane.load(b"\n".join(FIXTURE.encode().split(b"\n")[:-2]))
    steps = r"runtime.place_accounts\(x.accounts\), then runtime.execute\(x.block\)"
    with sealane.Runtime(workers=0) as runtime:
        for refuse in (runtime.execute, runtime.prepare, sealane.build_block):
            with pytest.raises(UsageError, match=f"LoadedBlock holds .*: {steps}"):
                refuse(runnable)  # pyright: ignore[reportArgumentType, reportUnknownArgumentType]
        assert runtime.height == 0


@pytest.mark.parametrize("source", [FIXTURE.encode(), MAINNET])
def test_a_block_to_plan_names_what_to_do_instead(source: bytes | Path) -> None:
    loaded = sealane.load(source)
    advice = r"`.schedule\(\)` of a loaded block plans it; .* `sealane replay FILE` runs its"
    with sealane.Runtime(workers=0) as runtime:
        for given in (loaded, loaded.block):
            with pytest.raises(UsageError, match=advice):
                runtime.execute(given)  # pyright: ignore[reportArgumentType]


def test_user_programs_are_passed_as_objects() -> None:
    mine = Program("mine_of_loading")

    @mine.instruction(tag=0)
    def note(amount: u64) -> None:
        del amount

    call = b"{mine_of_loading.note: {amount: 1}}"
    text = b"{sealane: 1, transactions: [{id: a, instructions: [%b]}]}" % call
    with pytest.raises(InputError, match="mine_of_loading"):
        sealane.load(text)
    block = sealane.load(text, programs=[mine])
    assert block.schedule().without("program:mine_of_loading").ids == []


def test_probable_typos_are_reported() -> None:
    text = b"{sealane: 1, accounts: {alice: {}}, transactions: [{id: a, writes: [alise]}]}"
    assert sealane.load(text).warnings == [
        "<bytes>: 'alise' is neither declared nor a program; did you mean 'alice'?"
    ]
    assert sealane.load(MAINNET).warnings == []


@pytest.mark.parametrize(
    ("source", "error", "said"),
    [
        ("missing.yaml", InputError, "missing.yaml: no such file"),
        (b"", InputError, "<bytes>: the file is empty"),
        (b"sealane: 2", InputError, "<bytes>:1"),
        (b"{}", InputError, "neither a fixture"),
        (io.StringIO("\ud800"), InputError, "<file>:1: byte 0xed"),
        (FIXTURE, UsageError, "text names a path, and this is content"),
        (GivesBytes(), InputError, "missing.yaml: no such file"),
        (NoPath(), UsageError, "this NoPath is no path"),
        (memoryview(bytes(8))[::2], InputError, "<bytes>:1: a NUL byte"),
        (released(), UsageError, "this memoryview cannot be read"),
        (closed(), UsageError, "<file>: this BytesIO cannot be read .*closed.*; give a file that"),
        (io.TextIOWrapper(io.BytesIO(b"a\xff"), "utf-8"), InputError, "open it in binary mode"),
        (detached(), UsageError, "<file>: this TextIOWrapper cannot be read .*detached"),
        (Answering(None), UsageError, "<file>: this Answering gives nothing to read now"),
        (Answering(5), UsageError, "gives neither bytes nor text"),
        (Unsized(), UsageError, r"has no read\(size\) of a file"),
        (7, UsageError, "a path, bytes or an open file can be read, not int"),
        (None, UsageError, "not NoneType"),
    ],
)
def test_errors_name_the_source(source: object, error: type[InputError], said: str) -> None:
    with pytest.raises(error, match=said):
        sealane.load(source)  # pyright: ignore[reportArgumentType]


def test_votes_are_left_out_at_loading_or_in_a_what_if() -> None:
    without = sealane.load(MAINNET, no_votes=True).schedule()
    later = sealane.load(MAINNET).schedule().without("votes")
    assert len(without) == len(later) == 602 - 158
    assert without.waves == later.waves
    assert without.critical_path == later.critical_path
    simulated = sealane.load(MAINNET).schedule().simulate(workers=[1, 2, 4], without=["votes"])
    assert simulated.transactions == 602 - 158
    assert simulated.what_if == ("without votes",)


def test_a_recorded_transaction_calls_the_programs_among_its_accounts() -> None:
    block = sealane.load(MAINNET)
    schedule = block.schedule()
    queue = schedule.explain(account="TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")
    assert len(schedule.without("program:token")) == len(schedule) - len(queue)
    assert len(queue) > 100


def test_a_recorded_blocks_schedule_survives_pickling() -> None:
    schedule = sealane.load(MAINNET).schedule()
    other = pickle.loads(pickle.dumps(schedule))
    assert other.to_dict() == schedule.to_dict()
    assert len(other.without("votes")) == 602 - 158


def test_a_runtime_in_the_state_before_the_block() -> None:
    """With the file's accounts and its rules: rent is checked where it says so."""
    text = """
    sealane: 1
    accounts: {alice: {lamports: 1_000_000}, bob: {}}
    rules: {rent: true}
    transactions:
      - id: pay
        instructions: [{system.transfer: {source: alice, destination: bob, lamports: 1}}]
    """
    block = sealane.load(text.encode())
    with block.runtime(workers=0) as runtime:
        assert runtime.account("alice").lamports == 1_000_000
        error = runtime.execute(block.block).transactions["pay"].error
    assert error is not None
    assert error.name == "InsufficientFundsForRent"
    assert block.name_of(sealane.Pubkey.of("alice")) == "alice"
    assert block.in_names(str(sealane.Pubkey.of("bob"))) == "bob"


def test_no_runtime_for_what_cannot_run() -> None:
    with pytest.raises(UsageError, match="can be planned, not run"):
        sealane.load(MAINNET).runtime()
    pickled = pickle.loads(pickle.dumps(sealane.load(FIXTURE.encode())))
    with pytest.raises(UsageError, match="load the file again"):
        pickled.runtime()
