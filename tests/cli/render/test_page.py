"""How a page shows accounts: with labels, and with whole keys where there is room."""

from __future__ import annotations

import pytest

from sealane.cli.render.page import Page
from sealane.ingest.loaded_block import load

from ...real_data import ENCODINGS

WRAPPED_SOL = "So11111111111111111111111111111111111111112"
VAULT = "FVLfR6C2ckZhbSwBzZY4CX7YBcddUSge5BNeGQv5eKhy"  # of wrapped SOL
HOLDER = "BYM81n8HvTJuqZU1PmTVcwZ9G8uoji7FKM6EaPkwphPt"


@pytest.mark.parametrize(
    ("width", "is_terminal", "label", "vault"),
    [
        (
            80,
            True,
            "wrapped SOL So11…1112",
            "FVLf…eKhy  token account of wrapped SOL, owner BYM8…phPt",
        ),
        (
            200,
            True,
            f"wrapped SOL {WRAPPED_SOL}",
            f"{VAULT}  token account of wrapped SOL, owner BYM8…phPt",
        ),
        (
            80,
            False,
            f"wrapped SOL {WRAPPED_SOL}",
            f"{VAULT}  token account of wrapped SOL, owner {HOLDER}",
        ),
    ],
)
def test_an_account_has_its_label_and_its_key(
    width: int, is_terminal: bool, label: str, vault: str
) -> None:
    about = load(ENCODINGS[0]).schedule().about
    names = list(about.accounts.names)
    page = Page(width=width, is_terminal=is_terminal)
    for name, shown in ((WRAPPED_SOL, label), (VAULT, vault)):
        assert page.account(name, about, names.index(name)).plain == shown


def test_in_a_sentence_keys_are_short_on_a_terminal_and_whole_in_a_pipe() -> None:
    about = load(ENCODINGS[0]).schedule().about
    page = Page(width=200, is_terminal=True)
    assert page.named(WRAPPED_SOL, about).plain == "wrapped SOL So11…1112"
    assert page.named(WRAPPED_SOL, about, whole=True).plain == f"wrapped SOL {WRAPPED_SOL}"
    assert page.named("alice", about).plain == "alice"
    piped = Page(width=80, is_terminal=False)
    assert piped.named(WRAPPED_SOL, about).plain == f"wrapped SOL {WRAPPED_SOL}"


ADDRESS, SLOT = "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2", f"0x{7:064x}"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (ADDRESS, "0xc02a…6cc2"),
        (f"{ADDRESS}:balance", "0xc02a…6cc2:balance"),
        (f"{ADDRESS}:0x7", "0xc02a…6cc2:0x7"),
        (f"{ADDRESS}:{SLOT}", "0xc02a…6cc2:0x0000…0007"),
        ("0xc02aaa39", "0xc02aaa39"),
        (f"WETH:{SLOT}", "WETH:0x0000…0007"),
    ],
)
def test_the_parts_of_a_key_in_hex_are_shortened_on_a_terminal(name: str, shown: str) -> None:
    page = Page()
    page.is_terminal = True
    assert page.key(name) == shown
    page.is_terminal = False
    assert page.key(name) == name


def test_a_name_too_long_for_a_row_is_shortened_on_any_terminal() -> None:
    slot = f"0x{'c0' * 20}:0x{'6e' * 32}"
    about = load(b'{"sealane": 1, "transactions": [{"writes": ["a"]}]}').schedule().about
    page = Page(width=200, is_terminal=True)
    assert page.account(slot, about).plain == "0xc0c0…c0c0:0x6e6e…6e6e"
    assert page.account(slot[:42], about).plain == slot[:42]
