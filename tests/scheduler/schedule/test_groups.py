"""Names that stand for several accounts, and names in another spelling than the file's."""

from __future__ import annotations

import numpy as np
import pytest

from sealane.errors import UsageError
from sealane.scheduler import AccessLists, Schedule
from sealane.scheduler.picture.part import Choice, choose
from sealane.scheduler.schedule.about import NO_PAYER, About
from sealane.scheduler.schedule.belonging import Belonging
from sealane.scheduler.schedule.calls import Calls
from sealane.scheduler.schedule.lookup import find_account

#  pool:a, pool:b        t0: W pool:a, W other       t1: W pool:b, W other       t2: W pool:a
NAMES = ["pool:a", "pool:b", "other", "lone:a"]
SETS = [((), ("pool:a", "other")), ((), ("pool:b", "other")), ((), ("pool:a", "lone:a"))]


def schedule() -> Schedule:
    access, names = AccessLists.from_sets(SETS)
    ids = {str(name): account for account, name in enumerate(names)}
    named = list(ids)
    none = np.full(3, NO_PAYER, dtype=np.int64)
    groups = {"pool": [ids["pool:a"], ids["pool:b"]], "lone": [ids["lone:a"]]}
    calls = Calls.unknown(3)
    accounts = Belonging(
        named, access, none, calls, {"pool": "the Pool"}, groups=groups, spell=str.lower
    )
    about = About(none, none, none == 0, none == 0, None, calls, accounts, phrases=["", "", ""])
    return Schedule(access, ids=["t0", "t1", "t2"], names=named, about=about)


@pytest.mark.parametrize("word", ["pool", "POOL", "the Pool"])
def test_a_group_is_left_out_with_all_its_accounts(word: str) -> None:
    assert schedule().waves == [["t0"], ["t1", "t2"]]
    assert schedule().without(word).waves == [["t0", "t2"], ["t1"]]
    assert schedule().without(word, "other").waves == [["t0", "t1", "t2"]]


def test_other_changes_are_of_all_accounts_of_a_group() -> None:
    assert schedule().changed(read_only=["pool"], without=["other"]).waves == [["t0", "t1", "t2"]]
    added = schedule().changed(commutative=["the Pool"], without=["other"])
    assert added.waves == [["t0", "t1", "t2"]]


def test_where_one_account_is_asked_for_a_group_of_several_is_refused() -> None:
    with pytest.raises(UsageError, match="'pool' stands for 2 accounts: pool:a, pool:b; name one"):
        schedule().explain(account="pool")
    assert schedule().explain(account="lone").account == "lone:a"
    assert schedule().explain(account="POOL:A").account == "pool:a"
    with pytest.raises(UsageError, match="no account is called"):
        schedule().explain(account="nobody")


def test_a_picture_of_a_group_is_of_whoever_locks_one_of_its_accounts() -> None:
    part = choose(schedule(), Choice(accounts=["pool"], programs=[]))
    assert part.positions.tolist() == [0, 1, 2]
    part = choose(schedule(), Choice(accounts=["pool", "lone"], programs=[]))
    assert part.positions.tolist() == [2]


def test_a_name_of_two_parts_is_found_by_the_ends_of_both() -> None:
    names = [f"0x{1:040x}:0x{2:064x}", f"0x{1:040x}:0x{3:064x}", "short…name:…"]
    assert find_account(names, "0x0000…0001:0x0000…0003") == 1
    assert find_account(names, "short…name:…") == 2
    with pytest.raises(UsageError, match="stands for 2"):
        find_account(names, "0x0000…0001:0x0000…")
    with pytest.raises(UsageError, match="no account"):
        find_account(names, "0x0000…0…1:…0…3")
