"""Every batch handler of the library does to each row what its scalar handler does."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from sealane import Account, Pubkey
from sealane.programs import InstructionSpec, builtin_programs
from sealane.programs.library.system import system
from sealane.programs.library.token import Mint, TokenAccount, TokenError, token
from sealane.testing.batch import BatchRow, assert_batch_matches_scalar, rows_for

TOKEN_LAYOUTS = {
    "source": TokenAccount,
    "destination": TokenAccount,
    "account": TokenAccount,
    "mint": Mint,
}
BATCHED = [
    spec
    for program in builtin_programs()
    for spec in program.instructions.values()
    if spec.batch_handler is not None
]


def test_the_named_instructions_have_a_batch_handler() -> None:
    named = {spec.full_name for spec in BATCHED}
    wanted = "system.transfer token.transfer token.transfer_checked token.mint_to token.burn"
    assert set(wanted.split()) <= named


@pytest.mark.slow
def test_system_transfer() -> None:
    assert_batch_matches_scalar(system.transfer, examples=150)


@pytest.mark.slow
@pytest.mark.parametrize("spec", BATCHED, ids=lambda spec: spec.full_name)
def test_random_rows(spec: InstructionSpec) -> None:
    if spec.program is token:
        assert_batch_matches_scalar(spec, rows=lambda number: related_rows(spec, number))
    else:
        assert_batch_matches_scalar(spec)


@st.composite
def related_rows(draw: st.DrawFn, spec: InstructionSpec, number: int) -> BatchRow:
    """Token calls whose accounts mostly fit together, each relation broken now and then."""
    if draw(st.integers(0, 3)) == 0:
        return draw(rows_for(spec, TOKEN_LAYOUTS, number))

    def mostly(value: object, *others: object) -> object:
        return value if draw(st.integers(0, 15)) else draw(st.sampled_from(others))

    mint, owner, stranger = (f"row {number} {what}" for what in ("mint", "owner", "stranger"))
    decimals = draw(st.sampled_from([0, 6]))

    def account() -> Account:
        state = TokenAccount(
            mint=mostly(mint, stranger),
            token_owner=mostly(owner, stranger, Pubkey.of("system")),
            amount=draw(st.sampled_from([0, 3, 10, 2**64 - 4])),
            delegate=mostly(None, owner, stranger),
            state=mostly(_state("Initialized"), _state("Frozen"), _state("Uninitialized")),
            is_native=mostly(None, 2_039_280),
            delegated_amount=draw(st.sampled_from([0, 5])),
        )
        owned_by = mostly(Pubkey.of("token"), Pubkey.of("system"))
        assert isinstance(owned_by, Pubkey)
        return Account(draw(st.sampled_from([0, 2_039_280])), owned_by, state.encode())

    mint_state = Mint(
        mint_authority=mostly(owner, None, stranger),
        supply=draw(st.sampled_from([0, 20, 2**64 - 4])),
        decimals=decimals,
        is_initialized=mostly(True, False),
    )
    states = {
        "source": (f"row {number} source", account()),
        "destination": (f"row {number} destination", account()),
        "account": (f"row {number} account", account()),
        "mint": (mint, Account(1_461_600, Pubkey.of("token"), mint_state.encode())),
        "authority": (owner, Account(0)),
    }
    arguments = {"amount": draw(st.sampled_from([0, 1, 3, 4, 11, 2**64 - 1]))}
    if "decimals" in spec.codecs:
        arguments["decimals"] = draw(st.sampled_from([decimals, decimals, decimals, 9]))
    used = {p.name: states[p.name] for p in spec.accounts if not p.variadic}
    return BatchRow(used, arguments)


def _state(name: str) -> object:
    return next(s for s in TokenAccount.layout_fields["state"].codec.members if s.name == name)  # type: ignore[attr-defined]


def test_a_wrong_batch_handler_is_caught() -> None:
    right = token.transfer.batch_handler
    assert right is not None

    def forgets_the_check(
        source: object, destination: object, authority: object, signers: object, amount: object
    ) -> None:
        giver, taker = TokenAccount.view(source), TokenAccount.view(destination)  # type: ignore[arg-type]
        giver.amount -= amount  # type: ignore[operator]
        taker.amount += amount  # type: ignore[operator]

    token.transfer.batch_handler = forgets_the_check
    try:
        with pytest.raises(AssertionError, match="differ"):
            assert_batch_matches_scalar(
                token.transfer,
                rows=lambda number: related_rows(token.transfer, number),
                shrink=False,
            )
    finally:
        token.transfer.batch_handler = right


def test_rows_that_never_stay_prove_nothing() -> None:
    with pytest.raises(AssertionError, match="none of"):
        assert_batch_matches_scalar(token.transfer, layouts={}, examples=10)
    assert TokenError.OwnerMismatch.code == 4
