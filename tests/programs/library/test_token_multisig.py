"""Who has agreed, when the authority is a multisig account."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from sealane import Instruction, Pubkey, Runtime
from sealane.programs.library.token import AccountState, TokenAccount, token

TOKEN_2022 = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb"
Error = Callable[..., str | None]
Put = Callable[..., Pubkey]


@pytest.fixture(autouse=True)
def accounts(put_mint: Put, put_tokens: Put, put_multisig: Put) -> None:
    put_mint()
    put_tokens("source", owner="board")
    put_tokens("destination")
    put_multisig("board", 2, "a", "b", "c")


def move(signers: Sequence[str], *, silent: Sequence[str] = ()) -> Instruction:
    """A transfer that lists `signers`, of whom the `silent` ones have not signed."""
    call = token.transfer(
        source="source", destination="destination", authority="board", signers=signers, amount=1
    )
    quiet = {Pubkey.of(name) for name in silent}
    metas = tuple(m._replace(signer=m.signer and m.key not in quiet) for m in call.accounts)
    return Instruction(call.program_id, metas, call.data)


def test_a_multisig_does_not_sign_itself() -> None:
    metas = move(["a", "b"]).accounts
    assert [meta.signer for meta in metas] == [False, False, False, True, True]


@pytest.mark.parametrize("signers", ["ab", "ca", "abc", "xab"])
def test_enough_members_sign_in_any_order(signers: str, error_of: Error) -> None:
    assert error_of(move(list(signers))) is None


@pytest.mark.parametrize("signers", ["", "a", "aa", "ax", "xyz"])
def test_too_few_members_sign(signers: str, error_of: Error) -> None:
    # Without anybody listed the builder asks the multisig itself to sign: that helps nothing.
    assert error_of(move(list(signers))) == "MissingRequiredSignature"


def test_a_member_that_is_listed_must_sign_even_if_others_suffice(error_of: Error) -> None:
    assert error_of(move(["a", "b", "c"], silent=["c"])) == "MissingRequiredSignature"
    assert error_of(move(["x", "a", "b"], silent=["x"])) is None  # no member


def test_a_member_that_is_listed_again_need_not_sign_again(error_of: Error) -> None:
    # All its places are taken then: the second mention is of no use and no harm.
    assert error_of(move(["a", "a", "b"])) is None


def test_a_member_with_two_places_fills_both(error_of: Error, put_multisig: Put) -> None:
    put_multisig("board", 2, "a", "a")
    assert error_of(move(["a"])) is None


def test_places_behind_the_last_member_do_not_count(error_of: Error, put_multisig: Put) -> None:
    put_multisig("board", 1, "a")
    nobody = str(Pubkey(bytes(32)))
    assert error_of(move([nobody])) == "MissingRequiredSignature"


@pytest.mark.parametrize(("owner", "error"), [("token", None), (TOKEN_2022, None)])
def test_multisigs_of_either_token_program_decide(
    owner: str, error: str | None, error_of: Error, put_multisig: Put
) -> None:
    put_multisig("board", 2, "a", "b", owner=owner)
    assert error_of(move(["a", "b"])) == error


def test_the_same_bytes_of_another_program_are_no_multisig(
    error_of: Error, put_multisig: Put
) -> None:
    put_multisig("board", 2, "a", "b", owner="memo")
    assert error_of(move(["a", "b"])) == "MissingRequiredSignature"
    assert error_of(move([])) is None  # an ordinary account, which signs for itself


def test_an_uninitialized_multisig_decides_nothing(runtime: Runtime, error_of: Error) -> None:
    runtime.set_account("board", owner="token", data=bytes(355))
    assert error_of(move(["a", "b"])) == "UninitializedAccount"
    runtime.set_account("board", owner="token", data=b"\1\1\2" + bytes(352))
    assert error_of(move(["a", "b"])) == "InvalidAccountData"


@pytest.mark.parametrize("signers", [["a", "b"], ["a"]])
def test_a_multisig_does_whatever_an_authority_does(
    signers: list[str], error_of: Error, put_mint: Put, put_tokens: Put
) -> None:
    board = Pubkey.of("board")
    put_mint(mint_authority=board, freeze_authority=board)
    by = {"authority": "board", "signers": signers}
    calls = [
        token.mint_to(mint="usdc", account="source", amount=1, **by),
        token.burn(account="source", mint="usdc", amount=1, **by),
        token.approve(source="source", delegate="d", amount=1, **by),
        token.revoke(source="source", **by),
        token.freeze_account(account="source", mint="usdc", **by),
    ]
    expected = None if len(signers) == 2 else "MissingRequiredSignature"
    assert [error_of(call) for call in calls] == [expected] * len(calls)


def test_a_multisig_delegate(
    error_of: Error, put_tokens: Put, tokens_in: Callable[[str], TokenAccount]
) -> None:
    put_tokens("source", delegate="board", delegated_amount=1, state=AccountState.Initialized)
    assert error_of(move(["a"])) == "MissingRequiredSignature"
    assert error_of(move(["a", "b"])) is None
    assert tokens_in("source").delegate is None
