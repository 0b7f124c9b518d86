"""The rule `adds`: which accounts of which instructions are then only added to."""

from __future__ import annotations

import pytest

from sealane import AccountMeta, Instruction, Pubkey, Runtime, Transaction, UsageError
from sealane.programs import Credits, Program, Signer, UncheckedAccount
from sealane.programs.library.system import system
from sealane.runtime.block.block_building import build_block

BOB = Pubkey.of("bob")


def _adds(transaction: Transaction, *, rule: bool = True) -> bool:
    """Whether bob is only added to."""
    block = build_block([transaction], crediting=[system] if rule else None)
    row = block.access.accounts.tolist().index(block.keys.index(BOB))
    added = block.access.adds is not None and bool(block.access.adds[row])
    assert bool(block.access.writes[row]) is not added
    return added


def _pay(source: str = "alice", destination: str = "bob") -> Instruction:
    return system.transfer(source=source, destination=destination, lamports=1)


def test_a_destination_is_written_without_the_rule() -> None:
    assert not _adds(Transaction([_pay()]), rule=False)


def test_a_destination_is_added_to_with_the_rule() -> None:
    assert _adds(Transaction([_pay()]))


def test_who_built_the_instruction_makes_no_difference() -> None:
    call = _pay()
    metas = tuple(AccountMeta(*meta[:3]) for meta in call.accounts)
    assert _adds(Transaction([Instruction(system.id, metas, call.data)]))


def test_the_strongest_right_wins() -> None:
    assert not _adds(Transaction([_pay()], payer="bob"))
    assert not _adds(Transaction([_pay("bob", "bob")]))
    assert not _adds(Transaction([_pay(), _pay("bob", "alice")]))
    assert _adds(Transaction([_pay(), _pay("carol")]))


def test_a_read_only_destination_stays_read_only() -> None:
    call = _pay()
    metas = (call.accounts[0], AccountMeta(BOB))
    block = build_block(
        [Transaction([Instruction(system.id, metas, call.data)])], crediting=[system]
    )
    assert block.access.adds is None


def test_other_instructions_of_the_program_write() -> None:
    assert not _adds(Transaction([system.assign(account="bob", owner="token")]))


def test_programs_that_built_an_instruction_count_too() -> None:
    program = Program("credited")

    @program.instruction(tag=0)
    def tip(payer: Signer, target: Credits[UncheckedAccount]) -> None: ...

    assert _adds(Transaction([tip(payer="alice", target="bob")]))


@pytest.mark.parametrize("workers", [0, 1])
def test_ten_thousand_transfers_to_one_destination_take_one_wave(workers: int) -> None:
    count = 10_000
    transfers = [Transaction([_pay(f"s{n}", "hot")]) for n in range(count)]
    found: list[tuple[int, str]] = []
    for adds in (False, True):
        with Runtime(workers=workers, adds=adds) as runtime:
            for n in range(count):
                runtime.set_account(f"s{n}", lamports=2)
            result = runtime.execute(transfers)
            assert len(result.tries) == 1
            assert runtime.account("hot").lamports == count
            found.append((len(result.waves), result.state_root))
    assert [waves for waves, _ in found] == [count, 1]
    assert found[0][1] == found[1][1]


def test_the_rule_is_a_flag() -> None:
    with pytest.raises(UsageError, match="adds="):
        Runtime(adds="yes")  # type: ignore[arg-type]
