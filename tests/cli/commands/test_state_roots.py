"""`--root` of `run` and `state`: kinds of roots, and stores that remember theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from sealane import Runtime

from .test_state import Command, run
from .test_state import files as files  # a fixture: two blocks in the current folder


@pytest.mark.parametrize("kind", ["lattice", "merkle"])
def test_a_root_of_another_kind(sealane: Command, kind: str) -> None:
    first = run(sealane, "first.yaml", "--root", kind, "--json").document
    second = run(sealane, "second.yaml", "--json").document
    assert first["state_root"] != second["state_root"]
    state = sealane("state", "state", "--verify", "--json")
    assert state.code == 0, state.err
    found = {name: state.document[name] for name in ("state_root", "root_kind")}
    assert found == {"state_root": second["state_root"], "root_kind": kind}
    said = f"2 roots recomputed, {kind} of all accounts, too"
    assert said in sealane("state", "state", "--verify").out
    assert f"state root {second['state_root']}  {kind}" in sealane("state", "state").out
    with Runtime(workers=0, root=kind) as runtime:
        runtime.set_account("alice", lamports=500)
        runtime.set_account("bob", lamports=500)
        assert runtime.execute([]).state_root == second["state_root"], "the same accounts"


@pytest.mark.parametrize("option", ["--prove", "--account"])
def test_an_empty_name(sealane: Command, option: str) -> None:
    run(sealane, "first.yaml", "--root", "merkle")
    ending = sealane("state", "state", option, "")
    assert (ending.code, ending.out) == (2, "")
    assert "the name given is empty" in ending.err


def test_a_store_of_another_kind_is_refused(sealane: Command) -> None:
    run(sealane, "first.yaml")
    for ending in (
        run(sealane, "second.yaml", "--root", "lattice"),
        sealane("state", "state", "--root", "lattice"),
    ):
        assert ending.code == 2
        assert "'history', and 'lattice' was asked for" in ending.err
    ending = run(sealane, "second.yaml", "--root", "tree")
    assert ending.code == 2
    assert "choose one of history, lattice, merkle" in ending.err
    assert run(sealane, "second.yaml", "--root", "history").code == 0


def test_an_import_makes_a_store_of_a_kind(sealane: Command) -> None:
    Path("accounts.yaml").write_text("sealane: 1\naccounts: {alice: {lamports: 1000}}\n")
    made = sealane("state", "new", "--import", "accounts.yaml", "--root", "lattice", "--json")
    assert made.code == 0, made.err
    assert made.document["root_kind"] == "lattice"
    assert sealane("state", "new", "--verify").code == 0
