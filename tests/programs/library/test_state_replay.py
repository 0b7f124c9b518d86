"""What is there is asserted, and replaced; what is not known is neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane import Account, Runtime
from sealane.primitives import AccountMeta, Instruction, Pubkey, Transaction
from sealane.programs.library.state_replay import (
    VALUE_LEN,
    Change,
    encode_changes,
    held_data,
    held_value,
    state_replay,
)
from sealane.runtime import Receipts

SLOT = Pubkey.of("slot")
ONE, TWO = (number.to_bytes(VALUE_LEN, "big") for number in (1, 2))


def ran(before: bytes | None, *changes: Change) -> tuple[Receipts, bytes | None]:
    """Receipts of a transaction for each change of one account, and what it holds then."""
    tag = state_replay.instructions["apply"].tag
    calls = [
        Instruction(
            state_replay.id,
            (AccountMeta(SLOT, writable=change.writes),),
            tag + encode_changes([change]),
            state_replay,
        )
        for change in changes
    ]
    with Runtime(workers=0, programs=[state_replay], builtins=False) as runtime:
        runtime.place_accounts({SLOT: Account(1, owner=state_replay.id, data=held_data(before))})
        result = runtime.execute([Transaction([call]) for call in calls])
        return result.transactions, held_value(runtime.account(SLOT).data)


@given(st.none() | st.binary(min_size=VALUE_LEN, max_size=VALUE_LEN))
def test_a_value_is_held_as_it_is(value: bytes | None) -> None:
    assert held_value(held_data(value)) == value


def test_a_change_finds_one_value_and_leaves_another() -> None:
    receipts, held = ran(ONE, Change(ONE, True, TWO), Change(TWO, False, None))
    assert not receipts.failed.any()
    assert held == TWO


@pytest.mark.parametrize(
    ("before", "message"),
    [(TWO, "0x2 was found, 0x1 expected"), (None, "nothing known was found, 0x1 expected")],
)
def test_another_value_is_named_and_stays(before: bytes | None, message: str) -> None:
    receipts, held = ran(before, Change(ONE, True, TWO))
    error = receipts[0].error
    assert error is not None
    assert (error.name, error.message, error.account) == ("ValueMismatch", message, str(SLOT))
    assert held == before


def test_what_is_not_known_is_not_asserted() -> None:
    receipts, held = ran(None, Change(None, True, ONE), Change(ONE, True, None))
    assert not receipts.failed.any()
    assert held is None
