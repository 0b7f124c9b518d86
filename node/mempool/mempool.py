"""The mempool: admits, orders, replaces, evicts and expires.

    newcomer ──▶ known already? ──▶ same calls as another? ──▶ payer's share ──▶ room? ──▶ waits
                   Duplicate          replaces it, or            count, fees      evicts the lowest,
                                      UnderpricedReplacement                      or Full

An application drives it:

    refusal or admitted = mempool.admit(entry, balance=lamports of its payer)
    entries             = mempool.highest_first()          for packing
    dropped             = mempool.committed(height, hashes, balance_of)

after which `check(tx, again=True)` needs only ask whether `message_hash in mempool`.

Guarantees: `admit` changes nothing where it refuses, and O(log n) otherwise; equal priorities are
ordered by arrival. Does not: lock; one thread at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ...primitives import Pubkey, UsageError
from .entry import Entry
from .lazy_heap import LazyHeap
from .limits import REPLACEMENT_BUMP_PERCENT, MempoolLimits
from .payers import Payers
from .refusal import Refusal, RefusalCode


class Admitted(NamedTuple):
    """`replaced`: the one with the same calls. `evicted`: those that made room, lowest first."""

    replaced: Entry | None
    evicted: tuple[Entry, ...]


class Dropped(NamedTuple):
    """What waits no more, though no block includes it, and why."""

    entry: Entry
    refusal: Refusal


class Mempool:
    """Waiting transactions. `height`: of the last committed block.

    >>> payer = Pubkey.of("alice")
    >>> mempool = Mempool()
    >>> low = Entry(b"low", payer, b"calls 1", 10, 5_000, 150, b"...")
    >>> high = Entry(b"high", payer, b"calls 2", 20, 5_000, 150, b"...")
    >>> [type(mempool.admit(entry, balance=10_000)).__name__ for entry in (low, high)]
    ['Admitted', 'Admitted']
    >>> [entry.message_hash for entry in mempool.highest_first()]
    [b'high', b'low']
    >>> [dropped.refusal.log for dropped in mempool.committed(1, [b"high"], lambda payer: 0)]
    ['the payer holds 0 lamports, and what waits for it costs up to 5000']
    """

    def __init__(self, limits: MempoolLimits | None = None, *, height: int = 0) -> None:
        self.limits = limits or MempoolLimits()
        self.height = height
        self.size = 0  # bytes of all that wait
        self._next_ticket = 1
        self._waiting: dict[int, Entry] = {}  # by ticket: in the order of arrival
        self._by_hash: dict[bytes, int] = {}
        self._by_calls: dict[bytes, int] = {}
        self._payers = Payers()
        self._lowest = LazyHeap(self._waiting)  # by priority; of equals, the latest first
        self._expiring = LazyHeap(self._waiting)  # by last height

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def __contains__(self, message_hash: bytes) -> bool:
        """Whether the transaction with this hash waits."""
        return message_hash in self._by_hash

    def get(self, message_hash: bytes) -> Entry | None:
        """The transaction with this hash, if it waits."""
        ticket = self._by_hash.get(message_hash)
        return None if ticket is None else self._waiting[ticket]

    def fees_of(self, payer: Pubkey) -> int:
        """Lamports that everything of a payer that waits costs at most."""
        return self._payers.fees(payer)

    def highest_first(self) -> list[Entry]:
        """All that wait, by priority; of equals, the earlier first."""
        return sorted(self._waiting.values(), key=lambda entry: -entry.priority)

    def admit(self, entry: Entry, *, balance: int) -> Admitted | Refusal:
        """Let a transaction wait, or say why not. `balance`: lamports that its payer holds."""
        replacing = self._by_calls.get(entry.calls)
        refusal = (
            self._refuse_alone(entry)
            or self._refuse_replacement(entry, replacing)
            or self._refuse_payer(entry, replacing, balance)
        )
        if refusal is not None:
            return refusal
        evicting = self._room_for(entry, replacing)
        if evicting is None:
            return self._full()
        replaced = None if replacing is None else self._remove(replacing)
        evicted = tuple([self._remove(ticket) for ticket in evicting])
        self._add(entry)
        return Admitted(replaced, evicted)

    def committed(
        self, height: int, included: Iterable[bytes], balance_of: Callable[[Pubkey], int]
    ) -> list[Dropped]:
        """After a block: remove what it included (hashes), and drop what no later one may include.

        `balance_of`: lamports that a payer holds now. Of a payer that cannot cover everything, the
        lowest priorities are dropped, the latest of equals first. Raises UsageError for a height
        that is not above the last.
        """
        if height <= self.height:
            raise UsageError(f"block {height} was committed after {self.height}: heights only rise")
        self.height = height
        for message_hash in included:
            ticket = self._by_hash.get(message_hash)
            if ticket is not None:
                self._remove(ticket)
        dropped = [Dropped(entry, self._expired(entry)) for entry in self._take_expired()]
        for payer in self._payers:
            dropped += self._drop_uncovered(payer, balance_of(payer))
        return dropped

    def _refuse_alone(self, entry: Entry) -> Refusal | None:
        if len(entry.raw) > self.limits.bytes_max:
            return Refusal(
                RefusalCode.TOO_LARGE,
                f"it has {len(entry.raw)} bytes; all that wait may have {self.limits.bytes_max}",
            )
        if entry.last_height <= self.height:
            return self._expired(entry)
        if entry.message_hash in self:
            return Refusal(RefusalCode.DUPLICATE, "this very transaction waits already")
        return None

    def _refuse_replacement(self, entry: Entry, replacing: int | None) -> Refusal | None:
        if replacing is None:
            return None
        old = self._waiting[replacing]
        wanted = max(-(-old.priority * (100 + REPLACEMENT_BUMP_PERCENT) // 100), old.priority + 1)
        if entry.priority >= wanted:
            return None
        return Refusal(
            RefusalCode.UNDERPRICED_REPLACEMENT,
            f"one with the same payer and calls waits at priority {old.priority}: offer {wanted} "
            f"to replace it, not {entry.priority}",
        )

    def _refuse_payer(self, entry: Entry, replacing: int | None, balance: int) -> Refusal | None:
        count, fees = self._payers.count(entry.payer), self._payers.fees(entry.payer) + entry.fee
        if replacing is not None:
            count, fees = count - 1, fees - self._waiting[replacing].fee
        if fees > balance:
            return _not_covered(balance, fees)
        if count >= self.limits.transactions_of_payer_max:
            return Refusal(
                RefusalCode.TOO_MANY_OF_PAYER,
                f"{count} of its payer wait, as many as may; wait for a block",
            )
        return None

    def _room_for(self, entry: Entry, replacing: int | None) -> list[int] | None:
        """The tickets to evict, lowest first, so that a newcomer has room; None if it gets none."""
        count, size = len(self) + 1, self.size + len(entry.raw)
        if replacing is not None:
            count, size = count - 1, size - len(self._waiting[replacing].raw)
        popped: list[int] = []
        evicting: list[int] = []
        while count > self.limits.transactions_max or size > self.limits.bytes_max:
            ticket = self._lowest.pop_below(entry.priority)
            if ticket is None or len(evicting) == self.limits.evicted_max:
                popped += [] if ticket is None else [ticket]
                for each in popped:
                    self._lowest.push(self._waiting[each].priority, -each)
                return None
            popped.append(ticket)
            if ticket != replacing:
                evicting.append(ticket)
                count, size = count - 1, size - len(self._waiting[ticket].raw)
        return evicting

    def _add(self, entry: Entry) -> None:
        ticket = self._next_ticket
        self._next_ticket += 1
        self._waiting[ticket] = entry
        self._by_hash[entry.message_hash] = self._by_calls[entry.calls] = ticket
        self._payers.add(entry.payer, ticket, entry.fee)
        self.size += len(entry.raw)
        self._lowest.push(entry.priority, -ticket)
        self._expiring.push(entry.last_height, ticket)

    def _remove(self, ticket: int) -> Entry:
        entry = self._waiting.pop(ticket)
        del self._by_hash[entry.message_hash], self._by_calls[entry.calls]
        self._payers.remove(entry.payer, ticket, entry.fee)
        self.size -= len(entry.raw)
        return entry

    def _take_expired(self) -> Iterator[Entry]:
        while (ticket := self._expiring.pop_below(self.height + 1)) is not None:
            yield self._remove(ticket)

    def _drop_uncovered(self, payer: Pubkey, balance: int) -> Iterator[Dropped]:
        fees = self._payers.fees(payer)
        if fees <= balance:
            return
        tickets = self._payers.tickets(payer)
        for ticket in sorted(tickets, key=lambda each: (self._waiting[each].priority, -each)):
            yield Dropped(self._remove(ticket), _not_covered(balance, fees))
            fees = self._payers.fees(payer)
            if fees <= balance:
                return

    def _expired(self, entry: Entry) -> Refusal:
        return Refusal(
            RefusalCode.EXPIRED,
            f"its recent blockhash was good up to block {entry.last_height}, and block "
            f"{self.height} is committed: sign it again with a later one",
        )

    def _full(self) -> Refusal:
        return Refusal(
            RefusalCode.FULL,
            f"the mempool is full ({len(self)} transactions, {self.size} bytes), and too few that "
            "wait have a lower priority: offer more, or wait",
        )


def _not_covered(balance: int, fees: int) -> Refusal:
    return Refusal(
        RefusalCode.FEES_NOT_COVERED,
        f"the payer holds {balance} lamports, and what waits for it costs up to {fees}",
    )
