"""Whatever is requested, cancelled and settled: everybody is paid alike, and little is left."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.programs.library.vault import IntakeKind
from sealane.testing import Vm

from .desk import PEOPLE, STARTING, Desk
from .intake_desk import TELLERS, IntakeDesk

PLACES = {"ann": "left", "ben": "right", "cat": "left"}
requested = st.lists(
    st.tuples(st.sampled_from(sorted(PLACES)), st.integers(0, 20_000), st.integers(0, 4)),
    min_size=1,
    max_size=8,
)


@pytest.mark.parametrize("kind", list(IntakeKind))
@settings(max_examples=8)
@given(requested, st.integers(0, 50_000))
def test_all_are_paid_alike(kind: IntakeKind, steps: list[tuple[str, int, int]], gift: int) -> None:
    with Vm() as vm:
        desk = Desk(vm, offset=3)
        for who in PLACES:
            vm.send(desk.deposit(who, 50_000))
        vm.send(desk.donate("cat", gift))
        desk.set_terms(entry_fee_bps=30, exit_fee_bps=50)
        intake = IntakeDesk(desk, kind)
        for who, amount, choice in steps:
            teller = PLACES[who]
            call = intake.cancel(who, teller) if choice == 0 else None
            vm.try_send(call or intake.request(who, amount, teller))
        before = desk.book()
        intake.close()
        vm.send(intake.settle())
        after = desk.book()
        assert after.price[0] * before.price[1] >= before.price[0] * after.price[1]
        for who, teller in PLACES.items():
            vm.try_send(intake.claim(who, teller))
        check(desk)


def check(desk: Desk) -> None:
    """The payouts keep less than a unit a ticket; the inboxes nothing; no token is lost."""
    inboxes = [desk.tokens(f"{teller}_inbox") for teller in TELLERS]
    payouts = [desk.tokens(f"{teller}_payout") for teller in TELLERS]
    assert inboxes == [0, 0]
    assert all(0 <= left < len(PLACES) for left in payouts)
    state = desk.state()
    assert desk.tokens("idle") == state.idle + state.fees_owed
    purses = sum(desk.tokens(f"{name}_usd") for name in PEOPLE) + desk.tokens("idle")
    assert 0 <= len(PEOPLE) * STARTING - purses <= sum(payouts)
