"""Signed transfers between wallets, picked evenly or by zipf, without end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...ingest.workloads.draws import ZIPF_MAX, below, numbers, zipf_positions
from ...primitives import Pubkey, Transaction, UsageError
from ...programs.library.system import transfer
from ...signatures.keypair import Keypair
from ...wire import sign_transaction
from .wallets import FUNDS

# With one blockhash, transfers between the same two differ by their amount.
AMOUNT_MAX: Final = FUNDS // 1_000_000
_PAYERS, _PAYEES = 0, 1  # streams of draws


class Transfers:
    """`zipf`: the exponent by which the first wallets are preferred, ZIPF_MAX at most; None picks
    evenly."""

    def __init__(self, wallets: Sequence[Keypair], *, zipf: float | None, seed: int) -> None:
        if zipf is not None and not 0 <= zipf <= ZIPF_MAX:
            raise UsageError(f"--zipf {zipf:g} is out of range; use 0 to {ZIPF_MAX:g}")
        self._wallets = wallets
        self._zipf = zipf
        self._seed = seed
        self._made = 0
        self._rounds = 0

    @property
    def first(self) -> Pubkey:
        """The first wallet's account: funded if all are."""
        return self._wallets[0].address

    def make(self, count: int, blockhash: bytes) -> list[bytes]:
        """The next transfers, signed, as bytes."""
        payers, payees = self._drawn(_PAYERS, count), self._drawn(_PAYEES, count)
        self._rounds += 1
        pairs = zip(payers, payees, strict=True)
        return [self._transfer(payer, payee, blockhash) for payer, payee in pairs]

    def _drawn(self, stream: int, count: int) -> list[int]:
        wallets = len(self._wallets)
        drawn = numbers(count, self._seed, 2 * self._rounds + stream)
        if self._zipf is None:
            return below(wallets, drawn).tolist()
        return zipf_positions(wallets, self._zipf, drawn).tolist()

    def _transfer(self, payer: int, payee: int, blockhash: bytes) -> bytes:
        wallets = self._wallets
        source = wallets[payer]
        # One that draws itself pays the next one.
        other = wallets[(payee + 1) % len(wallets) if payee == payer else payee]
        amount = 1 + self._made % AMOUNT_MAX
        self._made += 1
        pay = transfer(source=source.address, destination=other.address, lamports=amount)
        transaction = Transaction([pay], payer=source.address)
        return sign_transaction(transaction, [source], blockhash)
