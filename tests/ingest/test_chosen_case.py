"""Which block of a file with several is meant."""

from __future__ import annotations

import pytest

from sealane.ingest.chosen_case import chosen_case
from sealane.primitives import UsageError

NAMES = ["balance", "storage", "7"]


def test_the_only_block_needs_no_name() -> None:
    assert chosen_case([None], None, "b.json") == 0


@pytest.mark.parametrize(
    ("case", "number"), [("storage", 1), (1, 1), ("1", 1), ("0", 0), ("7", 2), (2, 2), ("bal", 0)]
)
def test_a_case_is_named_or_numbered(case: str | int, number: int) -> None:
    assert chosen_case(NAMES, case, "b.json") == number


def test_several_blocks_are_listed() -> None:
    with pytest.raises(UsageError, match=r"b.json: 3 blocks .*0: balance, 1: storage, 2: 7"):
        chosen_case(NAMES, None, "b.json")
    with pytest.raises(UsageError, match="and 95 more"):
        chosen_case([f"case {n}" for n in range(100)], None, "b.json")


@pytest.mark.parametrize("case", ["stroage", 3, -1, "-1"])
def test_an_unknown_case(case: str | int) -> None:
    with pytest.raises(UsageError, match=r"no case .*0: balance"):
        chosen_case(NAMES, case, "b.json")


def test_a_part_of_several_names_means_none_and_what_they_share_is_left_out() -> None:
    file = "tests/amsterdam/eip7928_block_level_access_lists/test_block_access_lists.py"
    names = [f"{file}::test_send[fork-small]", f"{file}::test_send[fork-large]"]
    assert chosen_case(names, "large", "b.json") == 1
    with pytest.raises(UsageError, match=r"2 cases have 'fork' .*0: …small\], 1: …large\]"):
        chosen_case(names, "fork", "b.json")
    with pytest.raises(UsageError, match="2 cases have ''"):
        chosen_case(names, "", "b.json")
