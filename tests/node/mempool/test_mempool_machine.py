"""Any sequence of calls, against a model that is a list and looks at all of it every time."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sealane.node.mempool import Entry, Mempool, MempoolLimits, Refusal, RefusalCode
from sealane.primitives import Pubkey

_LIMITS = MempoolLimits(
    transactions_max=6, bytes_max=20, transactions_of_payer_max=4, evicted_max=2
)
_PAYERS = [Pubkey.of("alice"), Pubkey.of("bob"), Pubkey.of("carol")]


class Model:
    """The entries in the order of arrival."""

    def __init__(self) -> None:
        self.height = 0
        self.entries: list[Entry] = []

    def lowest_first(self) -> list[Entry]:
        numbered = enumerate(self.entries)
        return [each for _, each in sorted(numbered, key=lambda pair: (pair[1].priority, -pair[0]))]

    def fees(self, payer: Pubkey) -> int:
        return sum(each.fee for each in self.entries if each.payer == payer)

    def fits(self, entries: list[Entry]) -> bool:
        size = sum(len(each.raw) for each in entries)
        return len(entries) <= _LIMITS.transactions_max and size <= _LIMITS.bytes_max

    def admit(self, entry: Entry, balance: int) -> RefusalCode | tuple[list[Entry], list[Entry]]:
        """Its refusal; or those replaced, and those evicted."""
        if len(entry.raw) > _LIMITS.bytes_max:
            return RefusalCode.TOO_LARGE
        if entry.last_height <= self.height:
            return RefusalCode.EXPIRED
        if any(each.message_hash == entry.message_hash for each in self.entries):
            return RefusalCode.DUPLICATE
        replaced = [each for each in self.entries if each.calls == entry.calls]
        for old in replaced:
            raised = Fraction(old.priority) * Fraction(11, 10)
            if entry.priority < raised or entry.priority == old.priority:
                return RefusalCode.UNDERPRICED_REPLACEMENT
        kept = [each for each in self.entries if each not in replaced]
        of_payer = [each for each in kept if each.payer == entry.payer]
        if sum(each.fee for each in of_payer) + entry.fee > balance:
            return RefusalCode.FEES_NOT_COVERED
        if len(of_payer) >= _LIMITS.transactions_of_payer_max:
            return RefusalCode.TOO_MANY_OF_PAYER
        evicted: list[Entry] = []
        for lowest in self.lowest_first():
            if self.fits([*kept, entry]):
                break
            if lowest in kept:
                kept.remove(lowest)
                evicted.append(lowest)
        below = all(each.priority < entry.priority for each in evicted)
        if not below or len(evicted) > _LIMITS.evicted_max or not self.fits([*kept, entry]):
            return RefusalCode.FULL
        self.entries = [*kept, entry]
        return replaced, evicted

    def committed(self, included: list[bytes], balances: dict[Pubkey, int]) -> list[Entry]:
        self.height += 1
        self.entries = [each for each in self.entries if each.message_hash not in included]
        dropped = [each for each in self.entries if each.last_height <= self.height]
        self.entries = [each for each in self.entries if each not in dropped]
        for lowest in self.lowest_first():
            if self.fees(lowest.payer) > balances[lowest.payer]:
                self.entries.remove(lowest)
                dropped.append(lowest)
        return dropped


class MempoolMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.mempool = Mempool(_LIMITS)
        self.model = Model()

    @rule(
        name=st.integers(0, 20),
        payer=st.sampled_from(_PAYERS),
        calls=st.integers(0, 4),
        priority=st.sampled_from([0, 1, 9, 10, 11, 12, 100]),
        fee=st.integers(0, 9),
        lasts=st.integers(0, 4),
        size=st.sampled_from([1, 1, 2, 5, 9, 20, 21]),
        balance=st.sampled_from([5, 20, 100]),
    )
    def admit(
        self,
        name: int,
        payer: Pubkey,
        calls: int,
        priority: int,
        fee: int,
        lasts: int,
        size: int,
        balance: int,
    ) -> None:
        last_height = self.model.height + lasts
        entry = Entry(
            b"%d" % name,
            payer,
            b"%d %s" % (calls, bytes(payer)),
            priority,
            fee,
            last_height,
            bytes(size),
        )
        expected = self.model.admit(entry, balance)
        answer = self.mempool.admit(entry, balance=balance)
        if isinstance(answer, Refusal):
            assert answer.code == expected
        else:
            replaced = [] if answer.replaced is None else [answer.replaced]
            assert (replaced, list(answer.evicted)) == expected

    @rule(
        included=st.lists(st.integers(0, 20), max_size=4),
        balances=st.lists(st.sampled_from([0, 5, 20, 100]), min_size=3, max_size=3),
    )
    def commit(self, included: list[int], balances: list[int]) -> None:
        hashes = [b"%d" % name for name in included]
        held = dict(zip(_PAYERS, balances, strict=True))
        expected = self.model.committed(hashes, held)
        found = self.mempool.committed(self.model.height, hashes, held.__getitem__)
        assert sorted(each.entry for each in found) == sorted(expected)

    @invariant()
    def agree(self) -> None:
        entries = self.model.entries
        by_priority = sorted(entries, key=lambda entry: -entry.priority)
        assert self.mempool.highest_first() == by_priority
        assert len(self.mempool) == len(entries)
        assert self.mempool.size == sum(len(each.raw) for each in entries)
        assert [self.mempool.fees_of(payer) for payer in _PAYERS] == [
            self.model.fees(payer) for payer in _PAYERS
        ]
        for name in range(21):
            assert (b"%d" % name in self.mempool) == any(
                each.message_hash == b"%d" % name for each in entries
            )


TestMempoolMachine = MempoolMachine.TestCase
TestMempoolMachine.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
