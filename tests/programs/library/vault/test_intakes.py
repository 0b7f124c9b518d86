"""Intakes: requests side by side, one price for all, and what they refuse."""

from __future__ import annotations

import pytest

from sealane.programs.library.vault import IntakeKind, VaultError
from sealane.programs.library.vault.intakes.state import TELLERS_MAX

from .desk import STARTING, Desk
from .intake_desk import IntakeDesk


@pytest.fixture
def deposits(desk: Desk) -> IntakeDesk:
    return IntakeDesk(desk, IntakeKind.Deposit)


def test_deposits_get_one_price(desk: Desk, deposits: IntakeDesk) -> None:
    desk.vm.send(desk.deposit("cat", 1_000), desk.donate("cat", 500))
    send = desk.vm.send
    send(deposits.request("ann", 1_000), deposits.request("ben", 501, "right"))
    send(deposits.request("ann", 7))
    deposits.close()
    send(deposits.settle())
    state = deposits.state()
    assert (state.settled, state.requested, state.paid) == (True, 1_508, 1_508 * 1_001 // 1_501)
    send(deposits.claim("ann"), deposits.claim("ben", "right"))
    assert desk.tokens("ann_shares") == 1_007 * 1_005 // 1_508
    assert desk.tokens("ben_shares") == 501 * 1_005 // 1_508
    assert desk.tokens("left_payout") == desk.tokens("right_payout") == 0
    assert desk.state().idle == desk.tokens("idle") == 3_008


def test_redemptions_and_fees(desk: Desk) -> None:
    desk.vm.send(desk.deposit("ann", 10_000), desk.deposit("ben", 5_000))
    desk.set_terms(exit_fee_bps=500)
    intake = IntakeDesk(desk, IntakeKind.Redeem)
    desk.vm.send(intake.request("ann", 10_000), intake.request("ben", 500, "right"))
    intake.close()
    desk.vm.send(intake.settle())
    desk.vm.send(intake.claim("ann"), intake.claim("ben", "right"))
    assert desk.tokens("ann_usd") == STARTING - 10_000 + 9_523
    assert desk.tokens("ben_usd") == STARTING - 5_000 + 476
    state = desk.state()
    assert (state.shares, state.fees_owed) == (4_500, 500)
    assert desk.tokens("idle") == state.idle + 500 == 15_000 - 9_523 - 476


def test_a_request_is_taken_back_until_it_is_settled(desk: Desk, deposits: IntakeDesk) -> None:
    send, fails = desk.vm.send, desk.vm.fails
    send(deposits.request("ann", 1_000), deposits.request("ben", 500))
    with fails(VaultError.NotOwner):
        send(deposits.cancel("ann", owner="ben"))
    send(deposits.cancel("ann"))
    assert desk.tokens("ann_usd") == STARTING
    with fails(VaultError.NothingOwed):
        send(deposits.cancel("ann"))
    deposits.close()
    send(deposits.settle())
    for call in (deposits.cancel("ben"), deposits.settle()):
        with fails(VaultError.WrongStage):
            send(call)
    send(deposits.claim("ben"))
    with fails(VaultError.NothingOwed):
        send(deposits.claim("ben"))
    assert desk.tokens("ben_shares") == 500


def test_what_requests_refuse(desk: Desk, deposits: IntakeDesk) -> None:
    send, fails = desk.vm.send, desk.vm.fails
    with fails(VaultError.InvalidParameter):
        send(deposits.request("ann", 0))
    with fails(VaultError.WrongTokens):
        send(deposits.request("ann", 5, inbox="right_inbox"))
    with fails(VaultError.NotOwner):
        send(deposits.request("ann", 5, owner="ben", source="ben_usd"))
    send(deposits.request("ann", 5))
    with fails(VaultError.WrongStage):
        send(deposits.request("ann", 5, "right"))
    for early in (deposits.settle(), deposits.claim("ann")):
        with fails(VaultError.WrongStage):
            send(early)
    deposits.close()
    with fails(VaultError.WrongStage):
        send(deposits.request("ann", 5))
    send(deposits.settle())
    with fails(VaultError.WrongVault):
        send(deposits.claim("ann", "right"))
    with fails(VaultError.WrongTokens):
        send(deposits.claim("ann", payout="right_payout"))


def test_all_tellers_settle_in_order(desk: Desk, deposits: IntakeDesk) -> None:
    desk.vm.send(deposits.request("ann", 100), deposits.request("ben", 100, "right"))
    deposits.close()
    for tellers in (("left",), ("right", "left"), ("left", "left")):
        with desk.vm.fails(VaultError.TellersMissing):
            desk.vm.send(deposits.settle(tellers))
    swapped = ["left", "right_inbox", "left_payout", "right", "left_inbox", "right_payout"]
    with desk.vm.fails(VaultError.WrongTokens):
        desk.vm.send(deposits.settle_with(swapped))
    desk.vm.send(deposits.settle())


def test_nothing_requested_settles(desk: Desk, deposits: IntakeDesk) -> None:
    deposits.close()
    desk.vm.send(deposits.settle())
    assert deposits.state().settled


def test_a_price_that_is_too_bad_is_not_settled(desk: Desk) -> None:
    intake = IntakeDesk(desk, IntakeKind.Deposit, paid_min=900_000_000)
    desk.vm.send(intake.request("ann", 1_000))
    desk.vm.send(desk.deposit("cat", 10), desk.donate("cat", 100))
    intake.close()
    with desk.vm.fails(VaultError.ExceededSlippage):
        desk.vm.send(intake.settle())
    desk.vm.send(intake.cancel("ann"))


def test_who_opens_adds_tellers(desk: Desk, deposits: IntakeDesk) -> None:
    with desk.vm.fails(VaultError.NotOwner):
        desk.vm.send(deposits.add("third", opener="ann"))
    for change in ({"inbox": "ann_usd"}, {"payout": "idle"}):
        call = deposits.add("third", **change)
        with desk.vm.fails(VaultError.WrongTokens):
            desk.vm.send(call)
    for number in range(2, TELLERS_MAX):
        desk.vm.send(deposits.add(f"teller{number}"))
    with desk.vm.fails(VaultError.InvalidParameter):
        desk.vm.send(deposits.add("third"))
    with desk.vm.fails(VaultError.InvalidParameter):
        desk.vm.send(deposits.open(name="late", open_s=0))
