"""`run --store` and `state`: blocks in sequence, and what a store says of itself."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sealane import Account, Pubkey, Runtime, Store, StoreCorrupt

from ..command import Ending, in_process_of_its_own

Command = Callable[..., Ending]
PAYMENT = """
sealane: 1
accounts: {alice: {lamports: 1000}}
transactions:
  - {id: pay, instructions: [{system.transfer: {source: alice, destination: bob, lamports: 400}}]}
expect: {accounts: {bob: {lamports: 400}}}
"""
SECOND = PAYMENT.replace("lamports: 400", "lamports: 100").replace(
    "{bob: {lamports: 100}}", "{alice: {lamports: 500}, bob: {lamports: 500}}"
)


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("first.yaml").write_text(PAYMENT)
    Path("second.yaml").write_text(SECOND)


def run(sealane: Command, *arguments: str) -> Ending:
    return sealane("run", "-w", "0", "--store", "state", *arguments)


def test_files_are_blocks_in_sequence(sealane: Command) -> None:
    ending = run(sealane, "first.yaml", "second.yaml", "--json")
    assert ending.code == 0, ending.err
    first, second = ending.document
    assert (first["height"], second["height"]) == (1, 2)
    assert (first["skipped_for"], second["skipped_for"]) == (None, None)
    state = sealane("state", "state", "--json").document
    root = second["state_root"]
    expected = {"height": 2, "state_root": root, "root_kind": "history", "accounts": 2}
    assert state == expected


def test_without_a_store_each_file_starts_from_an_empty_state(sealane: Command) -> None:
    ending = sealane("run", "-w", "0", "first.yaml", "first.yaml", "--json")
    assert ending.code == 0
    assert [document["height"] for document in ending.document] == [1, 1]
    assert not Path("state").exists()


def test_row_45_the_same_file_twice(sealane: Command) -> None:
    done = run(sealane, "first.yaml", "--json").document
    ending = run(sealane, "first.yaml")
    assert ending.code == 0
    assert "skipped: the store ran it as block 1" in ending.out
    assert "--again" in ending.out
    document = run(sealane, "first.yaml", "--json").document
    assert document["skipped_for"] == 1
    assert (document["route"], document["tries"]) == (None, [])
    assert document["state_root"] == done["state_root"]
    assert (document["transactions"], document["waves"]) == ([], []), "nothing ran now"
    assert document["expectations"] == {"passed": 0, "failed": []}
    assert document["accounts"]["bob"]["lamports"] == 400
    again = run(sealane, "first.yaml", "--again", "--json")
    assert again.code == 1  # bob has 800 now, and the file expects 400
    assert again.document["height"] == 2


def test_again_needs_a_store(sealane: Command) -> None:
    ending = sealane("run", "first.yaml", "--again")
    assert ending.code == 2
    assert "--store" in ending.err


def test_a_block_that_cannot_run_leaves_no_trace(sealane: Command) -> None:
    run(sealane, "first.yaml")
    before = sealane("state", "state", "--json").document
    Path("bad.yaml").write_text(PAYMENT.replace("system.transfer", "system.transfr"))
    assert run(sealane, "bad.yaml").code == 2
    assert sealane("state", "state", "--json").document == before


def test_log_for_people_and_programs(sealane: Command) -> None:
    roots = [d["state_root"] for d in run(sealane, "first.yaml", "second.yaml", "--json").document]
    shown = sealane("state", "state", "--log")
    assert shown.code == 0
    assert shown.out.index(roots[1]) < shown.out.rindex(roots[0])  # newest first
    log = sealane("state", "state", "--log", "--json").document["log"]
    assert [block["state_root"] for block in log] == roots
    assert [(b["height"], b["transactions"], b["failed"], b["changed"]) for b in log] == [
        (1, 1, 0, 2),
        (2, 1, 0, 2),
    ]


def test_one_account_or_all(sealane: Command) -> None:
    run(sealane, "first.yaml")
    key = str(Pubkey.of("bob"))
    for name in ("bob", key):
        (state,) = sealane("state", "state", "--account", name, "--json").document["states"]
        assert (state["key"], state["lamports"]) == (key, 400)
    assert "\nbob " in sealane("state", "state", "--account", "bob").out
    (state,) = sealane("state", "state", "--account", "nobody", "--json").document["states"]
    assert state["lamports"] == 0
    states = sealane("state", "state", "--accounts", "--json").document["states"]
    assert {state["lamports"] for state in states} == {400, 600}
    # Nobody tells another process what the keys were derived from; an imported file does.
    alice = str(Pubkey.of("alice"))
    assert f"\n{alice} " in in_process_of_its_own("state", "state", "--accounts").out
    Path("names.yaml").write_text("sealane: 1\naccounts: {alice: {lamports: 5}}\n")
    importing = ("state", "state", "--import", "names.yaml", "--accounts")
    out = in_process_of_its_own(*importing).out
    assert "\nalice  " in out
    assert alice not in out
    assert " system" in out
    states = in_process_of_its_own(*importing, "--json").document["states"]
    assert ("alice", alice) in [(state["name"], state["key"]) for state in states]


def test_a_proof_and_the_root_that_it_leads_to(sealane: Command, tmp_path: Path) -> None:
    run(sealane, "first.yaml")
    state = sealane("state", "state", "--accounts-root", "--json").document
    root = state["accounts_root"]
    assert list(state) == ["height", "state_root", "root_kind", "accounts", "accounts_root"]
    assert f"\naccounts root {root}\n" in sealane("state", "state", "--accounts-root").out
    assert sealane("state", "state", "--accounts-root", "--quiet").out == f"accounts root {root}\n"
    for name, found in (("bob", "exists\n400 lamports"), ("nobody", "does not exist\n")):
        ending = sealane("state", "state", "--prove", name)
        assert ending.code == 0
        assert ending.document["root"] == root
        assert ending.err == (
            f"a proof for accounts root {root}; the state root is another, of kind history, which "
            "proves no account\n"
        )
        proof = tmp_path / "proof.json"
        proof.write_text(ending.out)
        verified = sealane("verify-proof", proof, "--root", root, "--key", name)
        assert verified.code == 0
        assert found in verified.out
    assert sealane("state", "state", "--prove", "bob", "--quiet").err == ""


def test_with_a_merkle_root_the_proof_is_for_the_state_root(sealane: Command) -> None:
    with Runtime(workers=0, store="state", root="merkle") as runtime:
        runtime.set_account("alice", lamports=10)
        root = runtime.execute([]).state_root
    ending = sealane("state", "state", "--prove", "alice")
    assert ending.err == f"a proof for state root {root}, of block 1\n"
    assert sealane("state", "state", "--verify").code == 0
    with Runtime(workers=0, store="state") as runtime:
        runtime.set_account("bob", lamports=10)
    later = sealane("state", "state", "--prove", "bob")
    assert later.document["root"] != root
    assert "the state root is another, of block 1: accounts were committed after it" in later.err


@pytest.mark.parametrize("option", ["--prove", "--account"])
def test_a_name_that_is_no_text_names_no_account(sealane: Command, option: str) -> None:
    run(sealane, "first.yaml")
    ending = sealane("state", "state", option, "\udcff")
    assert ending.code == 2
    assert "names no account" in ending.err


def test_a_proof_is_written_alone(sealane: Command) -> None:
    run(sealane, "first.yaml")
    for beside in (["--log"], ["--accounts"], ["--account", "bob"], ["--verify"], ["--compact"]):
        ending = sealane("state", "state", "--prove", "bob", *beside)
        assert ending.code == 2
        assert "--prove writes a proof and nothing else" in ending.err
        assert ending.out == ""


def test_quiet_prints_only_what_was_asked_for(sealane: Command) -> None:
    run(sealane, "first.yaml")
    assert sealane("state", "state", "--quiet") == sealane("state", "state")
    assert sealane("state", "state", "--verify", "-q") == Ending(0, "", "")
    assert sealane("state", "state", "--export", "all.json", "-q") == Ending(0, "", "")
    for question in ("--accounts", "--log"):
        out = sealane("state", "state", question, "-q").out
        assert out.startswith("Accounts\n" if question == "--accounts" else "Blocks"), out
        assert sealane("state", "state", question).out.endswith(f"\n\n{out}")


def test_verify_reports_what_it_checked_and_names_damage(sealane: Command) -> None:
    run(sealane, "first.yaml", "second.yaml")
    assert "are as they were written" in sealane("state", "state", "--verify").out
    verified = sealane("state", "state", "--verify", "--json").document["verified"]
    assert (verified["accounts"], verified["blocks"], verified["roots"]) == (2, 2, 2)
    sealane("state", "state", "--compact")
    verified = sealane("state", "state", "--verify", "--json").document["verified"]
    assert (verified["blocks"], verified["chunks"], verified["roots"]) == (2, 1, 0)
    (path,) = Path("state").glob("accounts-*")
    raw = bytearray(path.read_bytes())
    raw[70] ^= 1
    path.write_bytes(raw)
    ending = sealane("state", "state", "--verify")
    assert ending.code == 3
    assert str(path) in ending.err
    assert "Traceback" not in ending.err


def files_now() -> dict[str, int]:
    sizes = [path.stat().st_size for path in Path("state").iterdir()]
    return {"files": len(sizes), "bytes": sum(sizes)}


def test_compact_reports_what_it_did(sealane: Command) -> None:
    run(sealane, "first.yaml", "second.yaml")
    was = files_now()
    compacted = sealane("state", "state", "--compact", "--json").document["compacted"]
    assert compacted == {"before": was, "after": files_now()}
    assert compacted["before"] != compacted["after"]
    run(sealane, "first.yaml", "--again")
    was = files_now()
    out = sealane("state", "state", "--compact").out
    now = files_now()
    assert (
        f"✓ compacted into {now['files']} files, {now['bytes']:,} bytes, "
        f"from {was['files']} files, {was['bytes']:,}\n"
    ) in out
    out = sealane("state", "state", "--compact").out
    assert f"✓ compact already: {now['files']} files, {now['bytes']:,} bytes\n" in out
    assert sealane("state", "state", "--compact", "-q") == Ending(0, "", "")


def test_export_and_import(sealane: Command) -> None:
    run(sealane, "first.yaml", "second.yaml")
    assert sealane("state", "state", "--export", "all.json").code == 0
    assert json.loads(Path("all.json").read_text())["sealane"] == 1
    assert sealane("state", "copy", "--import", "all.json").code == 0
    with Store("state") as store, Store("copy") as copy:
        assert dict(copy.accounts()) == dict(store.accounts())
        assert copy.height == 0
    ending = sealane("state", "copy", "--import", "first.yaml")
    assert ending.code == 2
    assert "transactions" in ending.err
    ending = sealane("state", "state", "--export", "missing/all.json")
    assert ending.code == 2
    assert "missing/all.json" in ending.err


def test_row_44_folders_that_are_not_stores(sealane: Command) -> None:
    ending = sealane("state", "state")
    assert ending.code == 2
    assert "state: there is no such folder" in ending.err
    assert not Path("state").exists()
    ending = sealane("state", "first.yaml")
    assert ending.code == 2
    assert "first.yaml" in ending.err
    ending = sealane("run", "--store", "missing/state", "first.yaml")
    assert ending.code == 2
    assert "missing" in ending.err


def test_row_42_a_store_in_use_names_the_process(sealane: Command) -> None:
    with Store("state"):
        for arguments in (["state", "state"], ["run", "--store", "state", "first.yaml"]):
            ending = sealane(*arguments)
            assert ending.code == 2
            assert f"process {os.getpid()}" in ending.err


def special_files(folder: Path) -> dict[str, Path]:
    """What an export must leave alone, each with what it is."""
    folder.mkdir()
    (folder / "precious").write_text("precious data")
    (folder / "link").symlink_to("precious")
    (folder / "dangling").symlink_to("nowhere")
    os.mkfifo(folder / "pipe")
    (folder / "folder").mkdir()
    named = {name: folder / name for name in ("link", "dangling", "pipe", "folder")}
    return named | {"device": Path("/dev/null"), "stdout": Path("/dev/stdout")}


def test_row_52_an_export_replaces_only_a_regular_file(sealane: Command) -> None:
    run(sealane, "first.yaml")
    for name, path in special_files(Path("special")).items():
        before = path.lstat()
        ending = sealane("state", "state", "--export", path)
        assert (ending.code, ending.out) == (2, ""), name
        assert str(path) in ending.err
        after = path.lstat()
        assert (after.st_mode, after.st_ino) == (before.st_mode, before.st_ino), name
    assert Path("special", "precious").read_text() == "precious data"
    assert not Path("special", "nowhere").exists()
    assert sorted(path.name for path in Path("special").iterdir()) == sorted(
        ["precious", "link", "dangling", "pipe", "folder"]
    )


def test_row_52_an_export_leaves_drafts_of_others_alone(sealane: Command) -> None:
    run(sealane, "first.yaml")
    Path("all.json.new").write_text("my notes")
    Path("precious").write_text("precious data")
    Path("b.json.new").symlink_to("precious")
    Path("all.json").write_text("an older export")
    for name in ("all.json", "b.json", "n" * 255):
        assert sealane("state", "state", "--export", name).code == 0
        assert json.loads(Path(name).read_text())["sealane"] == 1
    assert Path("all.json.new").read_text() == "my notes"
    assert Path("precious").read_text() == "precious data"
    assert not list(Path().glob(".sealane-*"))


@pytest.mark.parametrize("name", ["manifest", "log-000001", "blocks", "new.json"])
def test_row_52_an_export_stays_out_of_the_store(name: str, sealane: Command) -> None:
    run(sealane, "first.yaml")
    Path("other").symlink_to("state")
    before = {path.name: path.read_bytes() for path in Path("state").iterdir()}
    for folder in ("state", "state/../state", "other", Path("state").absolute()):
        ending = sealane("state", "state", "--export", f"{folder}/{name}")
        assert ending.code == 2
        assert "own folder" in ending.err
    after = {path.name: path.read_bytes() for path in Path("state").iterdir()}
    assert after == before


def test_row_52_a_failed_export_leaves_the_file_and_no_draft(
    sealane: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(store: Store) -> Iterator[tuple[Pubkey, Account]]:
        yield Pubkey.of("alice"), Account(1)
        raise StoreCorrupt("state", "no more")

    run(sealane, "first.yaml")
    Path("all.json").write_text("an older export")
    monkeypatch.setattr(Store, "accounts", damaged)
    assert sealane("state", "state", "--export", "all.json").code == 3
    assert Path("all.json").read_text() == "an older export"
    assert not list(Path().glob(".sealane-*"))


def test_row_53_expect(sealane: Command) -> None:
    run(sealane, "first.yaml")
    shutil.copytree("state", "older")
    first = sealane("state", "state", "--json").document["state_root"]
    root = run(sealane, "second.yaml", "--json").document["state_root"]
    for expect in (f"1:{first}", f"2:{root}"):
        assert sealane("state", "state", "--expect", expect, "-q").code == 0
        assert run(sealane, "second.yaml", "--expect", expect).code == 0
    for arguments in (
        ("state", "older", "--expect", f"2:{root}"),
        ("state", "state", "--expect", f"2:{first}"),
        ("run", "--store", "older", "second.yaml", "-w", "0", "--expect", f"2:{root}"),
    ):
        ending = sealane(*arguments)
        assert ending.code == 3, arguments
        assert "was expected" in ending.err
    assert sealane("state", "older", "--json").document["height"] == 1
    assert sealane("state", "state", "--expect", "2").code == 2
    ending = sealane("run", "first.yaml", "--expect", f"2:{root}")
    assert ending.code == 2
    assert "--store" in ending.err
    assert run(sealane, "first.yaml", "--expect", f"1:{root}", "--store", "new").code == 2
    assert not Path("new").exists()


def test_row_53_a_read_only_copy_can_be_inspected(
    sealane: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As root may write everything, the system is asked to refuse."""
    run(sealane, "first.yaml")
    expected = sealane("state", "state", "--json")
    open_file = os.open

    def refuse(path: str | Path, flags: int, mode: int = 0o777) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR) and Path(path).parent.name == "state":
            raise OSError(errno.EROFS, "Read-only file system", str(path))
        return open_file(path, flags, mode)

    monkeypatch.setattr(os, "open", refuse)
    assert sealane("state", "state", "--json") == expected
    assert sealane("state", "state", "--verify", "--log", "--accounts", "-q").code == 0
    assert sealane("state", "state", "--export", "all.json", "-q").code == 0
    for arguments in (["--compact"], ["--import", "first.yaml"]):
        ending = sealane("state", "state", *arguments)
        assert ending.code == 2
        assert "state: " in ending.err
        assert "Read-only file system" in ending.err
