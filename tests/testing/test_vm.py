"""The Vm: sending, accounts in any state, the clock, snapshots, and nothing shared between two."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import sealane
from sealane import Account, Pubkey, UsageError
from sealane.programs import Clock, InstructionErrors, Rent
from sealane.programs.library.system import SystemProgramError, system
from sealane.testing import TransactionFailed, Vm

from .till import Till, TillError, till


@pytest.fixture
def vm() -> Iterator[Vm]:
    """Made by hand: these tests are about the class, not the plugin."""
    with Vm() as fresh:
        fresh.set_account("drawer", data=Till(authority="boss"))
        fresh.airdrop("ann", 1_000)
        yield fresh


def put(amount: int) -> sealane.Instruction:
    return till.put(drawer="drawer", customer="ann", amount=amount)


class TestSend:
    def test_runs_the_instructions_and_returns_the_receipt(self, vm: Vm) -> None:
        receipt = vm.send(put(30))
        assert receipt.ok
        assert receipt.logs == ("Program log: taking 30", "Program log: taken")
        assert receipt.return_data == (30).to_bytes(8, "little")
        assert receipt.compute_units == 150
        assert vm.read("drawer", Till).taken == 30
        assert receipt.route is sealane.Route.SERIAL
        assert receipt.tries == (sealane.Try(sealane.Route.SERIAL, 0),)
        assert vm.last is receipt
        assert " object at 0x" not in repr(receipt)

    def test_several_instructions_are_one_transaction(self, vm: Vm) -> None:
        before = vm.account("drawer")
        with pytest.raises(TransactionFailed):
            vm.send(put(30), put(971))
        assert vm.account("drawer") == before
        vm.send(put(30), put(970))
        assert vm.account("ann").lamports == 0

    def test_a_failure_raises_and_leaves_nothing(self, vm: Vm) -> None:
        with pytest.raises(TransactionFailed) as caught:
            vm.send(put(1_001))
        assert caught.value.error.name == "ResultWithNegativeLamports"
        assert caught.value.receipt is vm.last
        assert vm.account("ann").lamports == 1_000

    def test_try_send_raises_nothing(self, vm: Vm) -> None:
        receipt = vm.try_send(put(1_001))
        assert not receipt.ok
        assert receipt.error is not None
        assert receipt.error.program == "system"

    def test_a_transaction_is_sent_as_it_is(self, vm: Vm) -> None:
        receipt = vm.send(sealane.Transaction([put(1)], payer="ann", id="first", fee=7))
        assert (receipt.id, receipt.fee) == ("first", 7)
        assert vm.account("ann").lamports == 992
        with pytest.raises(UsageError, match="sent alone and as it is"):
            vm.send(sealane.Transaction([put(1)]), payer="ann")

    def test_payer_pays_the_fee(self) -> None:
        with Vm(lamports_per_signature=5) as vm:
            vm.airdrop("ann", 1_000)
            vm.airdrop("sponsor", 100)
            pay = system.transfer(source="ann", destination="bob", lamports=1)
            assert vm.send(pay).fee == 5
            assert vm.send(pay, payer="sponsor").fee == 10
            assert vm.account("ann").lamports == 993
            assert vm.account("sponsor").lamports == 90

    def test_signers_take_the_place_of_those_declared(self, vm: Vm) -> None:
        with vm.fails(InstructionErrors.MissingRequiredSignature, account="customer"):
            vm.send(put(1), signers=[])
        with vm.fails("MissingRequiredSignature"):
            vm.send(put(1), payer="boss", signers=[])
        vm.send(put(1), signers=["ann"])
        vm.send(put(1), payer="ann", signers=[])

    def test_a_signer_that_nothing_names_is_an_error(self, vm: Vm) -> None:
        with pytest.raises(UsageError, match="no instruction names the signer zoe"):
            vm.send(put(1), signers=["ann", "zoe"])

    def test_nothing_to_send_is_an_error(self, vm: Vm) -> None:
        with pytest.raises(UsageError, match="at least one instruction"):
            vm.send()

    def test_execute_runs_a_block(self, vm: Vm) -> None:
        result = vm.execute([sealane.Transaction([put(1)]), sealane.Transaction([put(2)])])
        assert result.waves == [["t0"], ["t1"]]
        assert vm.read("drawer", Till).taken == 3


class TestAccounts:
    def test_a_layout_brings_its_owner_and_rent(self, vm: Vm) -> None:
        assert vm.account("drawer") == Account(
            Rent().minimum_balance(48), till.id, Till(authority="boss").encode()
        )

    def test_any_state_can_be_set(self, vm: Vm) -> None:
        key = vm.set_account("odd", lamports=0, owner=till, data=b"\x01", executable=True)
        assert key == Pubkey.of("odd") == vm.key("odd")
        assert vm.account("odd") == Account(0, till.id, b"\x01", executable=True)
        vm.set_account("odd")
        assert vm.account("odd") == Account()

    def test_airdrop_adds(self, vm: Vm) -> None:
        before = vm.account("drawer")
        assert vm.airdrop("drawer", 5) == vm.key("drawer")
        assert vm.account("drawer") == before._replace(lamports=before.lamports + 5)

    def test_what_was_read_can_be_changed_and_set_again(self, vm: Vm) -> None:
        state = vm.read("drawer", Till)
        state.taken = 9
        assert vm.read("drawer", Till).taken == 0
        vm.set_account("drawer", data=state)
        assert vm.read("drawer", Till) == Till(authority="boss", taken=9)

    def test_read_names_what_does_not_fit(self, vm: Vm) -> None:
        with pytest.raises(UsageError, match=r"ann is no till\.Till: it belongs to system and has"):
            vm.read("ann", Till)
        vm.set_account("short", owner="till", data=b"\x07\x08")
        with pytest.raises(UsageError, match="short holds no Till: it has 2 bytes of data, 0708"):
            vm.read("short", Till)


class TestClock:
    def test_slot_epoch_and_time_move_together(self, vm: Vm) -> None:
        assert vm.warp_to_slot(1_080_000) == Clock(1_080_000, 2, 432_000, 432_000)
        assert vm.clock.slot == 1_080_000

    def test_the_clock_goes_forward(self, vm: Vm) -> None:
        vm.warp_to_slot(10)
        vm.warp_to_slot(10)
        with pytest.raises(UsageError, match="stands at slot 10, which is after 9"):
            vm.warp_to_slot(9)
        vm.clock = Clock(slot=9)
        assert vm.clock.slot == 9

    @pytest.mark.parametrize("start", range(6))
    @pytest.mark.parametrize("seconds", [1, 2, 3, 86_400])
    def test_seconds_pass_exactly(self, vm: Vm, start: int, seconds: int) -> None:
        vm.warp_to_slot(start)
        before = vm.clock.unix_timestamp
        assert vm.advance(seconds=seconds).unix_timestamp == before + seconds
        assert vm.clock.at_slot(vm.clock.slot).unix_timestamp == before + seconds

    def test_single_slots_add_up(self, vm: Vm) -> None:
        for _ in range(10):
            vm.advance(slots=1)
        assert (vm.clock.slot, vm.clock.unix_timestamp) == (10, 4)

    def test_an_epoch_later_is_the_start_of_it(self, vm: Vm) -> None:
        vm.warp_to_slot(432_001)
        assert vm.advance(epochs=2).slot == 3 * 432_000
        assert vm.clock.epoch == 3

    @pytest.mark.parametrize("amounts", [{}, {"seconds": 1, "slots": 1}, {"slots": -1}])
    def test_one_amount_above_zero(self, vm: Vm, amounts: dict[str, int]) -> None:
        with pytest.raises(UsageError, match="takes one of seconds, slots and epochs"):
            vm.advance(**amounts)

    def test_programs_see_it(self, vm: Vm) -> None:
        vm.set_account("drawer", data=Till(authority="boss", opens_at=60))
        with vm.fails(TillError.NotOpen, account="drawer"):
            vm.send(put(1))
        vm.advance(seconds=60)
        vm.send(put(1))


class TestState:
    def test_restore_brings_back_accounts_clock_and_root(self, vm: Vm) -> None:
        root, height = vm.runtime.state_root, vm.runtime.height
        snapshot = vm.snapshot()
        for _ in range(2):  # a snapshot serves any number of times
            vm.send(put(1))
            vm.advance(slots=5)
            vm.restore(snapshot)
            assert vm.read("drawer", Till).taken == 0
            assert vm.clock.slot == 0
            assert (vm.runtime.state_root, vm.runtime.height) == (root, height)

    def test_as_a_context_it_restores_after_a_failure_too(self, vm: Vm) -> None:
        with pytest.raises(TransactionFailed), vm.snapshot():
            vm.send(put(1), put(1_001))
        assert vm.account("ann").lamports == 1_000

    def test_a_snapshot_is_of_its_own_vm(self, vm: Vm) -> None:
        with Vm() as other, pytest.raises(UsageError, match="of another runtime"):
            other.restore(vm.snapshot())

    def test_two_vms_share_nothing(self, vm: Vm) -> None:
        with Vm() as other:
            assert other.account("ann") == Account()
            other.airdrop("ann", 5)
            other.advance(slots=5)
        assert vm.account("ann").lamports == 1_000
        assert vm.clock.slot == 0

    def test_closed_it_sends_nothing(self, vm: Vm) -> None:
        vm.close()
        vm.close()
        with pytest.raises(UsageError, match="closed"):
            vm.send(put(1))


class TestFails:
    def test_the_failure_is_there_afterwards(self, vm: Vm) -> None:
        with vm.fails(SystemProgramError.ResultWithNegativeLamports) as failed:
            vm.send(put(1_001))
        assert failed.error.code == 1
        assert failed.receipt is vm.last

    @pytest.mark.parametrize(
        "error",
        [
            SystemProgramError.ResultWithNegativeLamports,
            "system.ResultWithNegativeLamports",
        ],
    )
    @pytest.mark.parametrize("account", [None, "source", "ann", str(Pubkey.of("ann"))])
    def test_an_error_and_account_by_any_of_their_names(
        self, vm: Vm, error: SystemProgramError, account: str | None
    ) -> None:
        with vm.fails(error, account=account):
            vm.send(put(1_001))

    def test_another_error_account_or_program_is_not_it(self, vm: Vm) -> None:
        for error, account in [
            (SystemProgramError.AccountAlreadyInUse, None),
            (SystemProgramError.ResultWithNegativeLamports, "drawer"),
            (TillError.WrongAuthority, None),
            (InstructionErrors.InsufficientFunds, None),
        ]:
            with (
                pytest.raises(AssertionError, match=r"but got  system\.ResultWithNegativeLamports"),
                vm.fails(error, account=account),
            ):
                vm.send(put(1_001))

    def test_success_is_not_it(self, vm: Vm) -> None:
        with (
            pytest.raises(AssertionError, match=r"expected till\.NotOpen\nbut the transaction"),
            vm.fails(TillError.NotOpen),
        ):
            vm.send(put(1))

    def test_a_block_without_a_send_is_an_error(self, vm: Vm) -> None:
        with (
            pytest.raises(AssertionError, match=r"no vm\.send inside"),
            vm.fails(TillError.NotOpen),
        ):
            vm.try_send(put(1_001))

    def test_only_its_own_sends_are_caught(self, vm: Vm) -> None:
        with pytest.raises(ZeroDivisionError), vm.fails("till.NotOpen"):
            raise ZeroDivisionError
        with Vm() as other, pytest.raises(TransactionFailed), vm.fails("till.NotOpen"):
            other.send(put(1))

    @pytest.mark.parametrize(
        ("error", "message"),
        [
            ("ReadonlyDataModifed", "has no error 'ReadonlyDataModifed'.*'ReadonlyDataModified'"),
            ("system.InvalidProgram", r"system has no error .*\(did you mean 'InvalidProgramId'"),
            ("tilt.NotOpen", r"no program is called 'tilt' \(did you mean 'till'\?\)"),
            (InstructionErrors, "like MyErrors.Name; not InstructionErrors"),
            (ValueError("no"), "like MyErrors.Name; not ValueError"),
        ],
    )
    def test_an_error_that_nobody_has_could_never_come(
        self, vm: Vm, error: Any, message: str
    ) -> None:
        with pytest.raises(UsageError, match=message), vm.fails(error):
            vm.send(put(1_001))

    def test_it_has_no_failure_before_its_end(self, vm: Vm) -> None:
        with pytest.raises(AssertionError, match="has not ended"), vm.fails("till.NotOpen") as f:
            _ = f.error


@pytest.mark.parametrize(
    ("method", "values", "message"),
    [
        ("airdrop", ("ann", "5"), "airdrop to 'ann': lamports must be an integer, not '5'"),
        ("warp_to_slot", ("5",), "slot must be an integer, not '5'"),
        ("restore", (5,), "5 is no snapshot"),
        ("read", ("drawer", 5), "read 'drawer' as a Layout"),
        ("read", ("drawer", Till(authority="boss")), "read 'drawer' as a Layout"),
    ],
)
def test_values_of_another_type(vm: Vm, method: str, values: tuple[Any, ...], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        getattr(vm, method)(*values)
