"""The system program's nonce instructions, at every check of the Solana runtime, in its order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from sealane import Instruction, Pubkey, Runtime
from sealane.programs import Clock, Sysvars
from sealane.programs.library import system
from sealane.programs.library.nonce_account import NonceAccount, NonceState, NonceVersion

RENT = 1_447_680  # 80 bytes
FIRST, SECOND = b"\x01" * 32, b"\x02" * 32
ALICE = Pubkey.of("alice")
Error = Callable[..., str | None]


def durable(blockhash: bytes) -> bytes:
    return hashlib.sha256(b"DURABLE_NONCE" + blockhash).digest()


@pytest.fixture(autouse=True)
def first_block(runtime: Runtime) -> None:
    next_block(runtime, FIRST)


def next_block(runtime: Runtime, *blockhashes: bytes) -> None:
    runtime.sysvars = Sysvars(recent_blockhashes=blockhashes)


def put_nonce(runtime: Runtime, lamports: int = RENT, **fields: Any) -> None:
    values: dict[str, Any] = {
        "version": NonceVersion.Current,
        "state": NonceState.Initialized,
        "authority": ALICE,
        "durable_nonce": durable(FIRST),
        "lamports_per_signature": 5_000,
    }
    runtime.set_account("nonce", lamports=lamports, data=NonceAccount(**values | fields))


def nonce_in(runtime: Runtime) -> NonceAccount:
    return NonceAccount.decode(runtime.account("nonce").data)


def initialize(authority: str = "alice") -> Instruction:
    return system.initialize_nonce_account(nonce="nonce", authority=authority)


def advance(authority: str | None = "alice") -> Instruction:
    return system.advance_nonce_account(nonce="nonce", authority=authority)


def withdraw(lamports: int, authority: str | None = "alice") -> Instruction:
    return system.withdraw_nonce_account(
        nonce="nonce", destination="bob", authority=authority, lamports=lamports
    )


def authorize(authority: str | None = "alice") -> Instruction:
    return system.authorize_nonce_account(nonce="nonce", authority=authority, new_authority="bob")


def changed(instruction: Instruction, index: int, **flags: Any) -> Instruction:
    metas = list(instruction.accounts)
    metas[index] = metas[index]._replace(**flags)
    return Instruction(instruction.program_id, tuple(metas), instruction.data)


def test_the_layout_is_bincode_of_versions() -> None:
    stored = NonceAccount(
        version=NonceVersion.Current,
        state=NonceState.Initialized,
        authority=ALICE,
        durable_nonce=FIRST,
        lamports_per_signature=7,
    )
    assert stored.encode() == bytes((1, 0, 0, 0, 1, 0, 0, 0)) + ALICE + FIRST + b"\x07" + bytes(7)


def test_a_nonce_lives_and_ends(runtime: Runtime, error_of: Error) -> None:
    runtime.set_account("nonce", lamports=RENT + 42, data=bytes(80))
    assert error_of(initialize()) is None
    assert nonce_in(runtime).durable_nonce == durable(FIRST)
    assert nonce_in(runtime).authority == ALICE
    assert nonce_in(runtime).version is NonceVersion.Current
    assert nonce_in(runtime).lamports_per_signature == 5_000
    next_block(runtime, SECOND, FIRST)
    assert error_of(advance()) is None
    assert nonce_in(runtime).durable_nonce == durable(SECOND)
    assert error_of(withdraw(42)) is None
    assert runtime.account("bob").lamports == 42
    next_block(runtime, FIRST)
    assert error_of(withdraw(RENT)) is None
    assert runtime.account("bob").lamports == RENT + 42
    assert runtime.account("nonce").lamports == 0


def test_blocks_of_different_slots_advance_without_being_told(
    runtime: Runtime, error_of: Error
) -> None:
    put_nonce(runtime)
    for slot in (1, 2):
        runtime.sysvars = Sysvars(Clock(slot=slot))
        assert error_of(advance()) is None
        assert error_of(advance()) == "NonceBlockhashNotExpired"


@pytest.mark.parametrize("call", [initialize(), advance(), withdraw(1)], ids=["0", "1", "2"])
def test_another_account_in_place_of_a_sysvar(
    call: Instruction, runtime: Runtime, error_of: Error
) -> None:
    put_nonce(runtime)
    key = next(m.key for m in call.accounts if m.key == Pubkey.of("recent_blockhashes"))
    index = [meta.key for meta in call.accounts].index(key)
    assert error_of(changed(call, index, key=ALICE)) == "InvalidArgument"
    short = Instruction(call.program_id, call.accounts[:index], call.data)
    assert error_of(short) == "MissingAccount"


@pytest.mark.parametrize(
    "call",
    [
        initialize(),
        advance(),
        withdraw(1),
        authorize(),
        system.upgrade_nonce_account(nonce="nonce"),
    ],
    ids=["initialize", "advance", "withdraw", "authorize", "upgrade"],
)
def test_the_nonce_account_must_be_writable_and_hold_a_state(
    call: Instruction, runtime: Runtime, error_of: Error
) -> None:
    runtime.set_account("nonce", lamports=RENT)
    assert error_of(changed(call, 0, writable=False)) == "InvalidArgument"
    assert error_of(call) == "InvalidAccountData"
    runtime.set_account("nonce", lamports=RENT, data=b"\x02" + bytes(79))
    assert error_of(call) == "InvalidAccountData"


def test_initialize_asks_for_a_fresh_account_and_its_rent(
    runtime: Runtime, error_of: Error
) -> None:
    put_nonce(runtime)
    assert error_of(initialize()) == "InvalidAccountData"
    runtime.set_account("nonce", lamports=RENT - 1, data=bytes(80))
    assert error_of(initialize()) == "InsufficientFunds"
    runtime.set_account("nonce", lamports=RENT, owner=ALICE, data=bytes(80))
    assert error_of(initialize()) == "ExternalAccountDataModified"


@pytest.mark.parametrize(
    ("size", "error"),
    [
        (7, "InvalidAccountData"),
        (8, "AccountDataTooSmall"),
        (79, "AccountDataTooSmall"),
        (81, None),
    ],
)
def test_initialize_in_an_account_of_another_size(
    size: int, error: str | None, runtime: Runtime, error_of: Error
) -> None:
    # 8 bytes are enough to say that there is no nonce, and too few to hold one.
    runtime.set_account("nonce", lamports=2 * RENT, data=bytes(size))
    assert error_of(initialize()) == error
    runtime.set_account("nonce", lamports=2 * RENT, owner=ALICE, data=bytes(79))
    assert error_of(initialize()) == "AccountDataTooSmall"


@pytest.mark.parametrize("size", [7, 8, 79])
def test_what_an_account_too_small_for_a_nonce_can_do(
    size: int, runtime: Runtime, error_of: Error
) -> None:
    runtime.set_account("nonce", lamports=9, data=bytes(size))
    assert error_of(advance()) == "InvalidAccountData"
    assert error_of(authorize()) == "InvalidAccountData"
    assert error_of(withdraw(4, "nonce")) == ("InvalidAccountData" if size < 8 else None)
    upgrade = system.upgrade_nonce_account(nonce="nonce")
    assert error_of(upgrade) == ("InvalidAccountData" if size < 8 else "InvalidArgument")
    # Where it says that it holds a nonce, all of one must be there.
    runtime.set_account("nonce", lamports=9, data=b"\1\0\0\0\1\0\0\0".ljust(size, b"\0")[:size])
    assert error_of(withdraw(4, "nonce")) == "InvalidAccountData"


def test_no_recent_blockhash(runtime: Runtime, error_of: Error) -> None:
    put_nonce(runtime)
    next_block(runtime)
    assert error_of(advance()) == "NonceNoRecentBlockhashes"
    assert error_of(initialize()) == "NonceNoRecentBlockhashes"
    assert error_of(withdraw(RENT)) is None  # it looks at the list, but needs none in it


def test_advance_checks_state_signature_and_blockhash_in_this_order(
    runtime: Runtime, error_of: Error
) -> None:
    put_nonce(runtime, state=NonceState.Uninitialized)
    assert error_of(advance()) == "InvalidAccountData"
    put_nonce(runtime)
    assert error_of(advance(authority=None)) == "MissingRequiredSignature"
    assert error_of(advance("bob")) == "MissingRequiredSignature"
    assert error_of(advance()) == "NonceBlockhashNotExpired"


def test_withdraw_leaves_rent_or_nothing(runtime: Runtime, error_of: Error) -> None:
    put_nonce(runtime, lamports=RENT + 10)
    assert error_of(withdraw(11)) == "InsufficientFunds"
    assert error_of(withdraw(2**64 - 1)) == "InsufficientFunds"
    assert error_of(withdraw(RENT + 10)) == "NonceBlockhashNotExpired"
    assert error_of(withdraw(10, "bob")) == "MissingRequiredSignature"
    assert error_of(withdraw(10)) is None


def test_withdrawing_all_from_a_foreign_account_is_seen_before_who_signs(
    runtime: Runtime, error_of: Error
) -> None:
    put_nonce(runtime, durable_nonce=durable(SECOND))
    runtime.set_account("nonce", lamports=RENT, owner=ALICE, data=runtime.account("nonce").data)
    assert error_of(withdraw(RENT, "bob")) == "ExternalAccountDataModified"
    assert error_of(withdraw(0, "bob")) == "MissingRequiredSignature"


def test_a_nonce_that_was_emptied_is_uninitialized(runtime: Runtime, error_of: Error) -> None:
    put_nonce(runtime, version=NonceVersion.Legacy, durable_nonce=durable(SECOND))
    runtime.set_account("carol", lamports=5)
    revived = system.transfer(source="carol", destination="nonce", lamports=5)
    assert error_of(withdraw(RENT), revived) is None
    left = nonce_in(runtime)
    assert (left.version, left.state) == (NonceVersion.Current, NonceState.Uninitialized)
    assert left.authority == ALICE  # only the state is written: the rest is left as it was


def test_a_fresh_nonce_account_signs_for_itself(runtime: Runtime, error_of: Error) -> None:
    put_nonce(runtime, state=NonceState.Uninitialized)
    assert error_of(withdraw(RENT + 1)) == "InsufficientFunds"
    assert error_of(withdraw(1)) == "MissingRequiredSignature"
    assert error_of(withdraw(1, "nonce")) is None  # all but rent is no rule here
    assert runtime.account("nonce").lamports == RENT - 1


def test_authorize(runtime: Runtime, error_of: Error) -> None:
    put_nonce(runtime, version=NonceVersion.Legacy)
    assert error_of(authorize("bob")) == "MissingRequiredSignature"
    assert error_of(authorize()) is None
    assert nonce_in(runtime).authority == Pubkey.of("bob")
    assert nonce_in(runtime).version is NonceVersion.Legacy
    put_nonce(runtime, state=NonceState.Uninitialized)
    assert error_of(authorize()) == "InvalidAccountData"


def test_upgrade(runtime: Runtime, error_of: Error) -> None:
    call = system.upgrade_nonce_account(nonce="nonce")
    put_nonce(runtime, version=NonceVersion.Legacy, durable_nonce=FIRST)
    assert error_of(call) is None
    assert nonce_in(runtime).version is NonceVersion.Current
    assert nonce_in(runtime).durable_nonce == durable(FIRST)
    assert error_of(call) == "InvalidArgument"
    put_nonce(runtime, version=NonceVersion.Legacy, state=NonceState.Uninitialized)
    assert error_of(call) == "InvalidArgument"
    runtime.set_account("nonce", owner=ALICE, data=bytes(80))
    assert error_of(changed(call, 0, writable=False)) == "InvalidAccountOwner"
