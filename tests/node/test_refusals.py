"""Transactions that cannot be executed: `check` says why, `process` refuses their proposal, and
`finalize` executes the others."""

from __future__ import annotations

import pytest

import sealane
from sealane import AccountMeta, Instruction, Pubkey, UsageError
from sealane.node import Application, Code
from sealane.node.chain.recent_blocks import RESERVED
from sealane.programs.library import system
from sealane.programs.library.compute_budget import set_compute_unit_limit, set_compute_unit_price
from sealane.runtime.block.limits import ACCOUNT_LOCKS_MAX

from .senders import (
    ALICE,
    FEE,
    FUNDS,
    Sender,
    lamports,
    pay,
    run_block,
)

UNPAYABLE = 1_002  # AccountNotFound, of TransactionErrors
TOO_POOR = 1_004  # InsufficientFundsForFee
TOO_MANY_LOCKS = 1_022  # TooManyAccountLocks


class TestRefusals:
    @pytest.fixture
    def bad(self, node: Application) -> dict[Code, bytes]:
        flipped = bytearray(pay(node))
        flipped[1] ^= 1
        reserved = min(RESERVED)
        return {
            Code.MALFORMED: b"hello",
            Code.INVALID_SIGNATURE: bytes(flipped),
            Code.BLOCKHASH_NOT_FOUND: ALICE.pay(bytes(32), "bob", 1),
            Code.RESERVED_ACCOUNT: ALICE.pay(node.blockhash, reserved, 1),
            Code.FEE_OVERFLOW: ALICE.pay(
                node.blockhash,
                "bob",
                1,
                set_compute_unit_limit(units=1_400_000),
                set_compute_unit_price(micro_lamports=2**64 - 1),
            ),
        }

    def test_each_has_its_code(self, node: Application, bad: dict[Code, bytes]) -> None:
        good = pay(node)
        for code, raw in bad.items():
            checked = node.check(raw)
            assert (checked.code, checked.codespace) == (code, "sealane")
            assert checked.log.startswith(f"{code.name}: ")
            assert not node.process([good, raw])
        assert node.prepare([*bad.values(), good]) == [good]

    def test_the_others_are_executed(self, node: Application, bad: dict[Code, bytes]) -> None:
        assert run_block(node, *bad.values(), pay(node)) == [*bad, 0]
        assert lamports(node, "bob") == 400
        assert lamports(node, ALICE.key) == FUNDS - 400 - FEE

    def test_a_copy_with_a_bad_signature_does_not_keep_the_message_out(
        self, node: Application, bad: dict[Code, bytes]
    ) -> None:
        assert run_block(node, bad[Code.INVALID_SIGNATURE], pay(node)) == [
            Code.INVALID_SIGNATURE,
            0,
        ]

    def test_twice_in_a_block(self, node: Application) -> None:
        raw = pay(node)
        assert not node.process([raw, raw])
        assert run_block(node, raw, raw) == [0, Code.ALREADY_PROCESSED]

    def test_a_payer_without_the_fee(self, node: Application) -> None:
        poor = Sender.named("poor")
        assert node.check(poor.pay(node.blockhash, "bob", 0)).code == UNPAYABLE
        run_block(node, ALICE.pay(node.blockhash, poor.key, FEE - 1))
        assert node.check(poor.pay(node.blockhash, "bob", 0)).code == TOO_POOR
        run_block(node, ALICE.pay(node.blockhash, poor.key, 1))
        assert node.check(poor.pay(node.blockhash, "bob", 0)).ok

    def test_a_payer_needs_all_fees_before_the_block(self, node: Application) -> None:
        poor = Sender.named("poor")
        run_block(node, ALICE.pay(node.blockhash, poor.key, 2 * FEE))
        raws = [poor.pay(node.blockhash, "bob", amount) for amount in range(3)]
        assert node.process(raws[:2])  # the second fails by its program, and pays
        assert not node.process(raws)
        assert len(node.prepare(raws)) == 2
        assert run_block(node, *raws) == [0, 1, Code.FEES_EXCEED_BALANCE]  # 1: nothing left to pay

    def test_a_price_that_the_budget_program_refuses(self, node: Application) -> None:
        twice = (set_compute_unit_limit(units=1), set_compute_unit_limit(units=2))
        checked = node.check(ALICE.pay(node.blockhash, "bob", 1, *twice))
        assert checked.log.startswith("DuplicateInstruction: ")

    def test_as_many_locks_as_allowed_and_one_more(self, node: Application) -> None:
        """Not left to the runtime, which fails it without a fee: whatever it offered, it would have
        its place in a block free."""

        def locking(count: int) -> bytes:
            others = [AccountMeta(Pubkey.of(f"{n}"), False, False) for n in range(count - 2)]
            transfer = system.transfer(source=ALICE.key, destination="0", lamports=1)
            call = Instruction(
                transfer.program_id, (*transfer.accounts, *others[1:]), transfer.data
            )
            return ALICE.send(node.blockhash, call)

        most, more = locking(ACCOUNT_LOCKS_MAX), locking(ACCOUNT_LOCKS_MAX + 1)
        checked = node.check(more)
        assert (checked.code, checked.codespace) == (TOO_MANY_LOCKS, "sealane")
        assert "65 accounts locked" in checked.log
        assert node.check(most).ok
        assert node.prepare([more, most]) == [most]
        assert not node.process([more])
        assert run_block(node, more, most) == [TOO_MANY_LOCKS, 0]

    def test_nobody_can_be_asked_before_the_chain(self) -> None:
        with sealane.Runtime(workers=0) as runtime:
            node = Application(runtime)
            assert node.check(b"").code == Code.CHAIN_NOT_STARTED
            assert node.query("/chain").code == Code.CHAIN_NOT_STARTED
            assert node.info().height == 0
            for call in (lambda: node.finalize(1, []), node.commit, lambda: node.process([])):
                with pytest.raises(UsageError, match="no chain has begun"):
                    call()
