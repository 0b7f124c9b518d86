"""`sealane explain`: what a transaction waits for, and how it is found."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sealane import load
from sealane.primitives import UsageError
from sealane.scheduler.schedule.lookup import find_transaction

from ...real_data import INDEPENDENT
from ..command import Ending, on_a_terminal

Run = Callable[..., Ending]
Write = Callable[[str, str], Path]

# wave 0    pay: W a         tip: W b
#            |  \             |
# wave 1     |   spend: R a, W c      (write after read, by last)
#            |    |           |
# wave 2    last: W a, W b ---'
CHAIN = """
sealane: 1
transactions:
  - {id: pay, writes: [a]}
  - {id: tip, writes: [b]}
  - {id: spend, reads: [a], writes: [c]}
  - {id: last, writes: [a, b]}
"""


def test_the_document_is_complete(sealane: Run, written: Write) -> None:
    document = sealane("explain", written("c.yaml", CHAIN), "last", "--json").document
    assert document == {
        "id": "last",
        "wave": 2,
        "held_by": [
            {
                "transaction": "spend",
                "conflicts": [{"account": "a", "kind": "write after read"}],
            }
        ],
        "also_after": [
            {"transaction": "tip", "conflicts": [{"account": "b", "kind": "write after write"}]}
        ],
        "chain": [
            {"transaction": "spend", "account": "a", "kind": "write after read", "also": []},
            {"transaction": "pay", "account": "a", "kind": "read after write", "also": []},
        ],
        "waiting": [],
    }


def test_the_view_names_account_transaction_and_kind(sealane: Run, written: Write) -> None:
    out = sealane("explain", written("c.yaml", CHAIN), "last").out
    assert "last runs in wave 2 of 0 to 2" in out
    assert re.search(r"1  spend +write after read on a\n", out)
    assert re.search(r"0  tip +write after write on b\n", out)
    assert re.search(r"Back to wave 0.*\n.*\n +1  spend.*\n +0  pay +read after write on a\n", out)


def test_a_transaction_in_wave_0_waits_for_nothing(sealane: Run, written: Write) -> None:
    out = sealane("explain", written("c.yaml", CHAIN), "pay").out
    assert "Nothing before it in the file conflicts with it." in out
    assert "Waiting for it  1 transaction\nspend" in out


def test_an_unknown_id_suggests_the_nearest(sealane: Run, written: Write) -> None:
    path = written("c.yaml", CHAIN)
    ending = sealane("explain", path, "spent")
    assert ending.code == 2
    assert "no transaction has the id 'spent'; the nearest are spend" in ending.err
    assert "they are called pay, tip, spend, …" in sealane("explain", path, "zzzzzz").err


def test_a_long_chain_is_complete_if_piped(sealane: Run, written: Write) -> None:
    text = "sealane: 1\ngenerate: {n: 60, accounts: 2, shape: chain}\n"
    out = sealane("explain", written("chain.yaml", text), "t59").out
    assert all(re.search(rf"\n +{wave}  t{wave} ", out) for wave in range(59))


def test_a_signature_is_found_by_its_start_or_its_ends(sealane: Run) -> None:
    path = INDEPENDENT
    signature = sealane("plan", path, "--json").document["waves"][-1][0]
    whole = sealane("explain", path, signature)
    assert whole.code == 0
    assert sealane("explain", path, signature[:8]).out == whole.out
    assert sealane("explain", path, f"{signature[:4]}…{signature[-4:]}").out == whole.out


LONG = ["5abc" + "1" * 30 + "x", "5abc" + "1" * 30 + "y", "5abd" + "1" * 30]


@pytest.mark.parametrize(
    ("wanted", "position"), [(LONG[1], 1), ("5abd", 2), ("5a…y", 1), ("t1", 3)]
)
def test_found(wanted: str, position: int) -> None:
    assert find_transaction([*LONG, "t1", "t10"], wanted, "f") == position


@pytest.mark.parametrize(
    ("wanted", "said"),
    [("5abc", "stands for 2 transactions"), ("5ab", "no transaction"), ("t", "no transaction")],
)
def test_not_found(wanted: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        find_transaction([*LONG, "t1", "t10"], wanted, "f")


def test_not_found_among_none() -> None:
    with pytest.raises(UsageError, match="the block has no transactions"):
        find_transaction([], "t0", "f")


def test_quiet_shows_only_the_predecessors(sealane: Run, written: Write) -> None:
    path = written("c.yaml", CHAIN)
    out = sealane("explain", path, "last", "--quiet").out
    assert out.startswith("last runs in wave 2 of 0 to 2\n")
    assert "write after read on a" in out
    assert "Back to wave 0" not in out
    assert sealane("explain", path, "last").out.startswith(out)
    assert sealane("explain", path, "pay", "-q").out == (
        "pay runs in wave 0 of 0 to 2\nNothing before it in the file conflicts with it.\n"
    )


def test_an_id_is_found_in_any_unicode_normalization() -> None:
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    assert find_transaction(["pay", composed], decomposed, "b.yaml") == 1
    with pytest.raises(UsageError, match="no transaction has the id"):
        find_transaction(["pay", composed], "cafe\u0300", "b.yaml")


#  pay: W a c ──── spend: R a, W c d ──── last: R d            tip: W b
PAIRS = """
sealane: 1
transactions:
  - {id: pay, writes: [a, c], cost: 5}
  - {id: tip, writes: [b], cost: 1}
  - {id: spend, reads: [a], writes: [c, d], cost: 2}
  - {id: last, reads: [d], cost: 3}
"""


def test_two_transactions_that_conflict_are_tied_by_every_account(
    sealane: Run, written: Write
) -> None:
    path = written("p.yaml", PAIRS)
    out = sealane("explain", path, "spend", "pay").out
    assert out == sealane("explain", path, "pay", "spend").out
    assert out.startswith("spend must run after pay, which it conflicts with; wave 1 after wave 0")
    assert "They conflict  on 2 accounts" in out
    assert re.search(r"\na +read after write\nc +write after write\n", out)
    document = sealane("explain", path, "pay", "spend", "--json").document
    assert document == load(path).schedule().explain("pay", "spend").to_dict()


def test_two_transactions_tied_by_a_chain_show_it(sealane: Run, written: Write) -> None:
    out = sealane("explain", written("p.yaml", PAIRS), "pay", "last").out
    assert out.startswith("last must run after pay, but only because of others")
    assert "Tied through a chain  of 1 other" in out
    assert re.search(r"\n +2  last\n +1  spend +read after write on d\n +0  pay +read", out)
    assert "read after write on a; write after write on c" in out


def test_two_transactions_that_nothing_ties(sealane: Run, written: Write) -> None:
    path = written("p.yaml", PAIRS)
    expected = "Nothing orders pay and tip: they may run together, in wave 0\n"
    assert sealane("explain", path, "tip", "pay").out == expected
    assert "in waves 1 and 2" not in sealane("explain", path, "tip", "last").out
    assert "in waves 0 and 2" in sealane("explain", path, "tip", "last").out


def test_an_accounts_queue(sealane: Run, written: Write) -> None:
    path = written("p.yaml", PAIRS)
    out = sealane("explain", path, "--account", "a").out
    assert "locked by 2 of 4 transactions: 1 write, 1 only read, in 2 waves" in out
    assert "cost in all 7 of 11" in out
    assert "longest run 7, 2 transactions in turn" in out
    assert "\n█·█·\n" in out
    assert re.search(r"\n +0  pay +writes +5\n +1  spend +reads +2\n", out)
    assert sealane("explain", path, "--account", "a", "-q").out.startswith("wave  transaction")
    document = sealane("explain", path, "--account", "a", "--json").document
    assert document == load(path).schedule().explain(account="a").to_dict()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name a transaction's ID behind the file, two of them, or --account KEY"),
        (["pay", "--account", "a"], "'pay' and --account a are two questions"),
        (["pay", "pay"], "'pay' and 'pay' are one transaction: name two"),
        (["pay", "tipp"], "no transaction has the id 'tipp'; the nearest are tip"),
        (["--account", "aa"], "no account is called 'aa'; the nearest are a"),
        (["pay", "tip", "last"], "unexpected extra argument"),
    ],
)
def test_what_is_no_question_is_bad_usage(
    arguments: list[str], said: str, sealane: Run, written: Write
) -> None:
    ending = sealane("explain", written("p.yaml", PAIRS), *arguments)
    assert (ending.code, ending.out) == (2, "")
    assert said in ending.err


@pytest.mark.slow
def test_a_long_queue_is_cut_on_a_terminal_only(sealane: Run, written: Write) -> None:
    text = "sealane: 1\ngenerate: {n: 10_000, accounts: 10_000, shape: hot}\n"
    path = written("hot.yaml", text)
    queue = load(path).schedule().explain(account="a0")
    piped = sealane("explain", path, "--account", "a0").out
    assert piped.count(" writes ") == len(queue) > 1_000
    shown = on_a_terminal(["explain", path, "--account", "a0"], columns=40, NO_COLOR="1").out
    assert shown.count(" writes ") == 20
    assert f"{len(queue) - 20:,} more" in shown
    assert max(map(len, shown.split("\n"))) <= 40


def test_accounts_are_shown_and_found_by_their_labels(sealane: Run, written: Write) -> None:
    path = written("block.yaml", "{sealane: 1, transactions: [{writes: [z]}, {writes: [z]}]}")
    labels = written("labels.yaml", "z: the zebra")
    one = sealane("explain", path, "t1", "--labels", labels)
    assert "write after write on the zebra z" in one.out
    two = sealane("explain", path, "t0", "t1", "--labels", labels)
    assert "the zebra z  write after write" in two.out
    queue = sealane("explain", path, "--account", "the zebra", "--labels", labels)
    assert queue.out.startswith("the zebra z\n")
    unknown = sealane("explain", path, "--account", "the zebra")
    assert unknown.code == 2
