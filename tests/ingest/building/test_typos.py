"""Names that are a slip of the hand from a known one are told; names that count are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from sealane.ingest.building import typos
from sealane.ingest.building.build import build_fixture
from sealane.ingest.building.typos import is_typo, name_warnings
from sealane.ingest.fixture.model import FixtureFile
from sealane.ingest.read_input import read_input
from sealane.programs.kit.program.program_set import ProgramSet
from sealane.programs.library.system import system
from sealane.programs.library.token import token

KEY = "9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM"


@pytest.mark.parametrize(
    ("word", "other"),
    [
        *[("alise", "alice"), ("alce", "alice"), ("aliice", "alice"), ("alcie", "alice")],
        *[("Alice", "alice"), ("lice", "alice"), ("alicee", "alice"), ("bbo", "bob")],
        *[("vaul_usdc", "vault_usdc"), ("vault_udsc", "vault_usdc"), ("café", "cafè")],
        *[(KEY[:-1] + "N", KEY), ("8" + KEY[1:], KEY), (KEY[:9] + KEY[10:], KEY)],
    ],
)
def test_a_typo_is_one_letter_or_two_swapped(word: str, other: str) -> None:
    assert is_typo(word, other)
    assert is_typo(other, word)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        *[("alise", "alcie"), ("carol", "alice"), ("aliec", "alice_")],
        # Sisters: they count, or have a part of their own.
        *[("user1", "user2"), ("user_12", "user_21"), ("a4990", "a4909"), ("user", "user2")],
        *[("mint_a", "mint_b"), ("x_mint", "y_mint"), ("vaultA", "vaultB"), ("pool-a", "pool-b")],
        *[("bob", "rob"), ("a", "b"), ("ab", "abc"), ("user_a", "user")],
    ],
)
def test_other_names_are_not_typos(word: str, other: str) -> None:
    assert not is_typo(word, other)
    assert not is_typo(other, word)


def warned(folder: Path, text: str) -> list[str]:
    path = folder / "some.yaml"
    path.write_text(f"sealane: 1\n{text}")
    fixture = read_input(path)
    assert isinstance(fixture, FixtureFile)
    prefix = f"{path}: "
    found = name_warnings(build_fixture(fixture, ProgramSet([system, token])))
    assert all(warning.startswith(prefix) for warning in found)
    return [warning.removeprefix(prefix) for warning in found]


PAYS = "- instructions: [{system.transfer: {source: %s, destination: %s, lamports: 1}}]\n"


def test_names_close_to_declared_ones_and_programs_are_reported(tmp_path: Path) -> None:
    text = (
        f"accounts: {{alice: {{lamports: 5}}, vault: {{owner: tokne}}, {KEY}: {{}}}}\n"
        f"transactions:\n{PAYS % ('alcie', 'bob')}{PAYS % ('alice', KEY[:-1] + 'N')}"
        "- {writes: [vualt], reads: [alice]}\n"
        "expect: {accounts: {alise: {lamports: 4}}}\n"
    )
    assert warned(tmp_path, text) == [
        f"'{word}' is neither declared nor a program; did you mean '{near}'?"
        for word, near in [
            ("tokne", "token"),
            ("alcie", "alice"),
            (KEY[:-1] + "N", KEY),
            ("vualt", "vault"),
            ("alise", "alice"),
        ]
    ]


def test_a_program_id_with_one_wrong_letter_is_reported(tmp_path: Path) -> None:
    wrong = "T0kenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"
    (warning,) = warned(tmp_path, f"transactions:\n{PAYS % ('alice', wrong)}")
    assert warning.endswith(f"did you mean '{token.id}'?")


def test_an_invalid_key_is_reported(tmp_path: Path) -> None:
    (warning,) = warned(tmp_path, f"transactions:\n{PAYS % ('alice', KEY[:-1] + '0')}")
    assert "looks like a base58 key and is none" in warning


@pytest.mark.parametrize(
    "text",
    [
        f"transactions:\n{PAYS % ('alice', 'alcie')}",  # neither is declared
        f"accounts: {{alice: {{}}, alcie: {{}}}}\ntransactions:\n{PAYS % ('alice', 'alcie')}",
        f"accounts: {{user1: {{}}}}\ntransactions:\n{PAYS % ('user1', 'user2')}",
        f"accounts: {{alice: {{}}}}\ntransactions:\n{PAYS % (KEY, 'pool_of_Mine_number_2' * 2)}",
        "accounts: {a10: {}}\ngenerate: {n: 5, accounts: 30}\n",
    ],
)
def test_intended_names_are_not_reported(text: str, tmp_path: Path) -> None:
    assert warned(tmp_path, text) == []


def test_the_number_of_names_compared_is_limited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typos, "NAMES_MAX", 12)
    others = [f"{letter * 6}" for letter in "bcdefghij"]
    pays = "".join(PAYS % ("alicia", other) for other in others)
    declared = f"accounts: {{alicia: {{}}}}\ntransactions:\n{pays}"
    assert len(warned(tmp_path, declared + PAYS % ("aliciaa", "alicai"))) == 2
    monkeypatch.setattr(typos, "NAMES_MAX", 10)
    assert len(warned(tmp_path, declared + PAYS % ("aliciaa", "alicai"))) == 1


def test_names_of_keys_are_declared(tmp_path: Path) -> None:
    keys = f'keys: {{alice: {{public_key: {KEY}}}, alicf: {{public_key: "zeros:32"}}}}\n'
    assert warned(tmp_path, f"{keys}transactions:\n{PAYS % ('alice', 'alicf')}") == []
    assert warned(tmp_path, f"{keys}transactions:\n{PAYS % ('alcie', 'alicf')}") == [
        "'alcie' is neither declared nor a program; did you mean 'alice'?"
    ]
