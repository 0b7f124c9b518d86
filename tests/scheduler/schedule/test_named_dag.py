"""Which account a word means: by its name, and by its label."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sealane.primitives import UsageError
from sealane.scheduler import AccessLists, Schedule
from sealane.scheduler.schedule.about import About


def test_a_label_names_its_account_after_all_names() -> None:
    access, names = AccessLists.from_sets(
        [([], ["alice"]), (["dave"], ["bob"]), (["carol"], ["bob"])]
    )
    named = list(map(str, names))
    about = About.unknown(access, named)
    labels = {"bob": "Bob", "carol": "the twins", "dave": "the twins", "alice": "carol"}
    known = replace(about, accounts=replace(about.accounts, labels=labels))
    found = Schedule(access, names=named, about=known)
    assert found.account_id("Bob") == found.account_id("bob")
    assert found.without("Bob").waves == found.without("bob").waves
    assert found.account_id("carol") == named.index("carol"), "a name before a label"
    with pytest.raises(UsageError, match="'the twins' is the label of 2 accounts: carol, dave"):
        found.without("the twins")
    with pytest.raises(UsageError, match="no account is called 'Bobby'"):
        found.account_id("Bobby")
