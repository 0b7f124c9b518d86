"""Random transactions of the public programs, many of which succeed.

A seed gives the same everywhere. Each transaction makes sense at first; then, now and then, a
signature is left out, an account exchanged, or data cut off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final, NamedTuple

from sealane import AccountMeta, Instruction, Pubkey
from sealane.primitives.integers import U64_MAX
from sealane.primitives.known_keys import INCINERATOR_ID
from sealane.programs.library import (
    compute_budget,
    memo,
    system,
)
from sealane.programs.library.nonce_account import (
    NonceAccount,
)
from sealane.programs.library.token import (
    batch_of,
)

from .random_accounts import (
    BARE_RENT,
    FEE,
    MEMO,
    NONCE_RENT,
    RICH_COUNT,
    SYSTEM,
    TOKEN,
)
from .random_tokens import RandomTokens

CALLS_MAX: Final = 3
SPOILT_SHARE: Final = 0.12
BATCH_TAG: Final = b"\xff"


class Message(NamedTuple):
    """Instructions, who pays, and what it offers beyond its signatures, in lamports."""

    calls: list[Instruction]
    payer: Pubkey
    priority_fee: int


class RandomChain(RandomTokens):
    """Accounts, and transactions on them."""

    def __init__(self, seed: int, blockhash: bytes) -> None:
        super().__init__(Random(seed), blockhash)
        self._makers: list[Callable[[], list[Instruction]]] = [
            *[self._pay] * 3,
            self._system_call,
            self._with_seed,
            *[self._nonce_call] * 3,
            *[self._move_tokens] * 4,
            *[self._token_call] * 3,
            self._create_token_account,
            self._create_mint,
            self._wrap,
            self._associate,
            self._memo,
            self._batch,
        ]

    def message(self) -> Message:
        """The next transaction."""
        chance = self._chance
        calls: list[Instruction] = []
        for _ in range(chance.choice((1, 1, 1, 1, 2, CALLS_MAX))):
            calls += chance.choice(self._makers)()
        if chance.random() < SPOILT_SHARE:
            place = chance.randrange(len(calls))
            calls[place] = self._spoilt(calls[place])
        priority_fee = 0
        if chance.random() < 0.15:
            asked, priority_fee = self._budget(calls)
            for call in asked:
                calls.insert(chance.randrange(len(calls) + 1), call)
        rich = self._wallets[:RICH_COUNT]
        payers = self._one((*[rich] * 36, self._wallets, self._nonces, self._fresh, self._tokens))
        return Message(calls, self._one(payers), priority_fee)

    def _budget(self, calls: Sequence[Instruction]) -> tuple[list[Instruction], int]:
        """Requests to the compute budget, and the priority fee that they come to."""
        price, limit = self._one((0, 1, 1_000, 10**6)), self._one((400_000, 1_400_000, 2**32 - 1))
        asked = [compute_budget.set_compute_unit_limit(units=limit)]
        bad = self._chance.random()
        if bad < 0.15:
            asked += [self._one(asked)]  # asked for twice
        elif bad < 0.3:
            heap = self._one((32 * 1024, 256 * 1024, 33 * 1024 + 1, 1024, 0))
            asked += [compute_budget.request_heap_frame(bytes_asked=heap)]
        elif bad < 0.4:
            asked += [Instruction(compute_budget.id, (), self._one((b"", b"\x09", b"\x02\1\1")))]
        else:
            asked += [compute_budget.set_compute_unit_price(micro_lamports=price)]
            return asked, -(-price * min(limit, 1_400_000) // 10**6)
        return asked, 0

    def _pay(self) -> list[Instruction]:
        source = self._payer()
        held = self.accounts[source].lamports
        edges = (0, 1, 500, BARE_RENT - 1, held, held - FEE, held - BARE_RENT, U64_MAX)
        lamports = self._one((*[BARE_RENT, 10**6, 10**7] * 5, *edges))
        to = self._one((*self._wallets, *self._fresh, *self._tokens, *self._nonces, INCINERATOR_ID))
        return [system.transfer(source=source, destination=to, lamports=max(0, lamports))]

    def _system_call(self) -> list[Instruction]:
        wallet = self._payer()
        account = self._one((*self._fresh, *self._wallets[RICH_COUNT:]))
        space = self._one((0, 1, 80, 165, 10 * 1024 * 1024 + 1))
        owner = self._one((SYSTEM, TOKEN, self._one(self._wallets)))
        lamports = self._rent(min(space, 200))
        return [
            self._one(
                (
                    system.create_account(
                        source=wallet, account=account, lamports=lamports, space=space, owner=owner
                    ),
                    system.assign(account=account, owner=owner),
                    system.allocate(account=account, space=space),
                )
            )
        ]

    def _with_seed(self) -> list[Instruction]:
        account, seed, owner = self._one(self._derived)
        base = self._one((self._wallets[0], self._wallets[0], self._wallets[1]))
        seed = self._one((seed, seed, seed, "c", "x" * 33))
        owner = self._one((owner, owner, owner, Pubkey(bytes(11) + b"ProgramDerivedAddress")))
        space = self._one((0, 80, 165))
        named: dict[str, Any] = {"account": account, "base": base, "seed": seed, "owner": owner}
        return [
            self._one(
                (
                    system.create_account_with_seed(
                        source=self._wallets[0],
                        base_account=self._one((base, None)),
                        lamports=self._rent(space),
                        space=space,
                        **named,
                    ),
                    system.allocate_with_seed(base_account=base, space=space, **named),
                    system.assign_with_seed(base_account=base, **named),
                    system.transfer_with_seed(
                        source=account,
                        base=base,
                        destination=self._one(self._wallets),
                        lamports=self._one((0, 1, 10**8, 10**9)),
                        seed=seed,
                        source_owner=owner,
                    ),
                )
            )
        ]

    def _nonce_call(self) -> list[Instruction]:
        nonce, wallet = self._one(self._nonces), self._payer()
        if nonce not in self.accounts or self._chance.random() < 0.1:
            made = system.create_account(
                source=wallet, account=nonce, lamports=NONCE_RENT, space=80, owner=SYSTEM
            )
            return [made, system.initialize_nonce_account(nonce=nonce, authority=wallet)]
        state = self.accounts[nonce]
        known = len(state.data) == NonceAccount.layout_size
        stored = NonceAccount.decode(state.data).authority if known else wallet
        authority = self._one((*[stored] * 6, wallet, None))
        lamports = self._one((0, 1, FEE, state.lamports, state.lamports - NONCE_RENT, U64_MAX))
        advanced = system.advance_nonce_account(nonce=nonce, authority=authority)
        return [
            self._one(
                (
                    *[advanced] * 3,
                    system.initialize_nonce_account(nonce=nonce, authority=wallet),
                    system.upgrade_nonce_account(nonce=nonce),
                    system.authorize_nonce_account(
                        nonce=nonce, authority=authority, new_authority=wallet
                    ),
                    system.withdraw_nonce_account(
                        nonce=nonce,
                        destination=self._one((*self._wallets, nonce)),
                        authority=self._one((authority, authority, nonce)),
                        lamports=lamports,
                    ),
                )
            )
        ]

    def _memo(self) -> list[Instruction]:
        signers = self._chance.sample(self._wallets, self._one((0, 1, 2)))
        # Always UTF-8: the memo program that LiteSVM has had since solders 0.29 is p-memo, which
        # leaves other bytes to the syscall that logs, and so fails by another name.
        text = self._one((b"hello", b"", "é".encode()))
        return [memo.add_memo(signers=signers, memo=text)]

    def _batch(self) -> list[Instruction]:
        return [batch_of(*self._move_tokens(), *self._one((self._token_call, self._move_tokens))())]

    def _spoilt(self, call: Instruction) -> Instruction:
        metas, data = list(call.accounts), call.data
        kind = self._one(("sign", "write", "swap", "drop", "add", "cut", "more", "flip"))
        place = self._chance.randrange(len(metas)) if metas else None
        if kind == "drop" and call.program_id == SYSTEM:
            # A builtin looks at one account after the other, and may find fault with one before it
            # misses another. Here they are counted first.
            place = len(metas) - 1
        if kind in ("cut", "flip") and call.program_id == MEMO:
            return call  # see _memo
        if kind == "write" and call.data[:1] == BATCH_TAG and call.program_id == TOKEN:
            # Here a write to a read-only account fails where it is made; there, when all parts of
            # the batch are done, if none of them has failed.
            return call
        if kind == "add":
            metas.append(AccountMeta(self._one(self._wallets), writable=self._one((True, False))))
        elif kind == "cut":
            data = data[: self._chance.randrange(len(data) + 1)]
        elif kind == "more":
            data += b"\0"
        elif kind == "flip" and data:
            at = self._chance.randrange(min(len(data), 9))
            data = data[:at] + bytes([self._chance.randrange(256)]) + data[at + 1 :]
        elif place is not None and kind == "sign":
            metas[place] = metas[place]._replace(signer=not metas[place].signer)
        elif place is not None and kind == "write":
            metas[place] = metas[place]._replace(writable=not metas[place].writable)
        elif place is not None and kind == "swap":
            other = self._one((*self._wallets, *self._tokens, *self._mints, *self._nonces))
            metas[place] = metas[place]._replace(key=other)
        elif place is not None and kind == "drop":
            del metas[place]
        return Instruction(call.program_id, tuple(metas), data, call.program)
