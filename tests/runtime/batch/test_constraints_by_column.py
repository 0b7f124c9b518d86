"""Constraints hold in a group as they do one by one: other rows are excluded."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from hypothesis import strategies as st

from sealane import Account, Pubkey
from sealane.programs import (
    Address,
    COption,
    Distinct,
    HasOne,
    InstructionSpec,
    Layout,
    Mut,
    Owner,
    Program,
    Seeds,
    Signer,
    UncheckedAccount,
    u8,
    u64,
)
from sealane.testing import BatchRow, assert_batch_matches_scalar


class Vault(Layout):
    keeper: Pubkey
    heir: COption[Pubkey]
    bump: u8
    total: u64


vaults = Program("vaults", layouts=[Vault])


@vaults.instruction(tag=0)
def keep(
    vault: Annotated[Mut[Vault], HasOne("keeper"), HasOne("other", field="heir")],
    keeper: Signer,
    other: Annotated[UncheckedAccount, Distinct("vault"), Owner("system")],
    rent: Annotated[UncheckedAccount, Address("rent")],
) -> None:
    """Needs its keeper, its heir, another account and the rent sysvar."""
    vault.total += 1


@vaults.instruction(tag=1)
def own(
    vault: Annotated[Mut[Vault], Seeds(b"own", "keeper", "number", bump="bump")],
    keeper: UncheckedAccount,
    number: u64,
) -> None:
    """Its address derives from its keeper, a number and the bump that it holds."""
    vault.total += number


@vaults.instruction(tag=2)
def told(
    vault: Annotated[Mut[Vault], Seeds(b"own", "keeper", "number", bump="bump")],
    keeper: UncheckedAccount,
    number: u64,
    bump: u8,
) -> None:
    """The same, with the bump as an argument."""
    vault.total += bump


@vaults.instruction(tag=3)
def search(
    vault: Annotated[Mut[Vault], Seeds(b"own", "keeper", "number")],
    keeper: UncheckedAccount,
    number: u64,
) -> None:
    """The same, with the highest bump there is."""
    vault.total += 1


for each in (keep, own, told, search):
    each.batch(each.handler)


def test_keys_owners_and_fields() -> None:
    def rows(number: int) -> st.SearchStrategy[BatchRow]:
        keeper, other = f"keeper {number}", f"other {number}"

        def call(held: str, heir: str | None, owner: str, rent: str, given: str) -> BatchRow:
            vault = Vault(keeper=held, heir=heir, bump=0, total=1)
            accounts = {
                "vault": (f"vault {number}", Account(1, vaults.id, vault.encode())),
                "keeper": (keeper, Account(1)),
                "other": (given, Account(1, Pubkey.of(owner))),
                "rent": (rent, Account()),
            }
            if given.startswith("vault"):
                accounts["other"] = accounts["vault"]
            return BatchRow(accounts, {})

        return st.builds(
            call,
            _mostly(keeper, "nobody"),
            _mostly(other, None, "nobody"),
            _mostly("system", "vaults"),
            _mostly("rent", f"clock {number}"),
            _mostly(other, f"vault {number}"),
        )

    seen = assert_batch_matches_scalar(keep, rows=rows, shrink=False)
    assert seen.failures >= {"IncorrectAuthority", "InvalidAccountOwner", "InvalidArgument"}
    assert seen.vectorized == seen.succeeded


@pytest.mark.parametrize("spec", [own, told, search])
def test_derived_addresses(spec: InstructionSpec) -> None:
    def rows(number: int) -> st.SearchStrategy[BatchRow]:
        keeper = f"keeper {number}"

        def call(amount: int, off: int, seed: bytes) -> BatchRow:
            seeds = [seed, Pubkey.of(keeper), amount.to_bytes(8, "little")]
            key, bump = Pubkey.find_program_address(seeds, vaults.id)
            bump = (bump + off) % 256
            vault = Vault(keeper=keeper, heir=None, bump=bump, total=1)
            arguments: dict[str, Any] = {"number": amount, "bump": bump}
            return BatchRow(
                {
                    "vault": (str(key), Account(1, vaults.id, vault.encode())),
                    "keeper": (keeper, Account(1)),
                },
                {p.name: arguments[p.name] for p in spec.arguments},
            )

        numbers = st.integers(0, 5) | st.just(2**64 - 1)
        return st.builds(call, numbers, _mostly(0, 1), _mostly(b"own", b"foreign"))

    seen = assert_batch_matches_scalar(spec, rows=rows, shrink=False)
    assert seen.failures >= {"InvalidSeeds"}
    assert seen.vectorized == seen.succeeded


def _mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([usual] * 6 + list(others))
