"""A pair in a runtime: a pool, its vaults and tokens, and one user, moved by instructions."""

from __future__ import annotations

from sealane import Instruction, Receipt
from sealane.programs.library.amm import Pool, Swapped, amm, authority_of
from sealane.programs.library.amm.pairs.constant_product import MINIMUM_LIQUIDITY
from sealane.programs.library.amm.pairs.quotes import Amount, Amounts, Both
from sealane.programs.library.token import token
from sealane.testing import Vm

from ....programs.library.amm.market import Market, events, held, put_mint, put_tokens, supply
from .errors import checked


class RuntimePair:
    """See pair.Pair. The user is ann; the protocol's shares are boss's."""

    def __init__(self) -> None:
        self.vm = Vm(workers=0)
        self.market = Market(self.vm, funds=0)
        self.market.open()
        for user in ("ann", "boss"):
            self.market.own_shares(user)

    def begin(self, reserves: tuple[int, int], supply: int) -> None:
        shares = max(0, supply - MINIMUM_LIQUIDITY)
        self._put("pool", reserves, supply)
        put_mint(self.vm, "pool_shares", authority_of("pool"), shares)
        put_tokens(self.vm, "ann_pool", "pool_shares", "ann", shares)

    def set_fee_to(self, on: bool) -> None:
        fee_to = "boss" if on else None
        self._send(amm.set_fee_to(exchange="exchange", authority="boss", fee_to=fee_to))

    def wait(self, seconds: int) -> None:
        if seconds:
            self.vm.advance(seconds=seconds)

    def mint(self, amounts: tuple[int, int]) -> int:
        self._give(amounts)
        before = held(self.vm, "ann_pool")
        self._send(self.market.minting(amounts))
        return held(self.vm, "ann_pool") - before

    def burn(self, shares: int) -> tuple[int, int]:
        self._give((0, 0))
        self._send(self.market.burning(shares))
        return held(self.vm, "ann_a"), held(self.vm, "ann_b")

    def swap(self, paid_in: tuple[int, int], paid_out: tuple[int, int]) -> None:
        self._give(paid_in)
        calls = [
            token.transfer(
                source=f"ann_{name}", destination=f"pool_{name}", authority="ann", amount=amount
            )
            for name, amount in zip("ab", paid_in, strict=True)
        ]
        taken = amm.swap_prepaid(
            pool="pool",
            vault_a="pool_a",
            vault_b="pool_b",
            destination_a="ann_a",
            destination_b="ann_b",
            a_out=paid_out[0],
            b_out=paid_out[1],
        )
        self._send(*calls, taken)

    def buy(self, amount_in: int, from_0: bool) -> int:
        self._give((amount_in, 0) if from_0 else (0, amount_in))
        way = "ab" if from_0 else "ba"
        self._send(self.market.swapping(amount_in, way))
        return held(self.vm, f"ann_{way[1]}")

    def buy_exactly(self, amount_out: int, from_0: bool) -> int:
        price = Amount.decode(
            self._asked(amm.quote_exact_out(pool="pool", a_to_b=from_0, amount_out=amount_out))
        ).amount
        self._give((price, 0) if from_0 else (0, price))
        accounts = self.market.trading("ab" if from_0 else "ba", "ann", "pool")
        self._send(amm.swap_exact_out(**accounts, amount_out=amount_out, amount_in_max=price))
        return price

    def sync(self) -> None:
        self._send(amm.sync(pool="pool", vault_a="pool_a", vault_b="pool_b"))

    def fee_shares(self) -> int:
        if self.books().protocol_shares:
            self._send(
                amm.collect_protocol_fee(
                    pool="pool",
                    exchange="exchange",
                    share_mint="pool_shares",
                    destination="boss_pool",
                )
            )
        assert supply(self.vm, "pool_shares") == max(0, self.books().supply - MINIMUM_LIQUIDITY)
        return held(self.vm, "boss_pool")

    def books(self) -> Pool:
        pool = self.market.pool()
        reserves = (pool.reserve_a, pool.reserve_b)
        assert reserves == (held(self.vm, "pool_a"), held(self.vm, "pool_b"))
        return pool

    def quote(self, amount: int) -> int:
        asked = amm.quote(pool="pool", of_a=True, amount=amount)
        return Amount.decode(self._asked(asked)).amount

    def amount_out(self, amount_in: int, from_0: bool) -> int:
        asked = amm.quote_exact_in(pool="pool", a_to_b=from_0, amount_in=amount_in)
        return Amount.decode(self._asked(asked)).amount

    def amount_in(self, amount_out: int) -> int:
        asked = amm.quote_exact_out(pool="pool", a_to_b=True, amount_out=amount_out)
        return Amount.decode(self._asked(asked)).amount

    def amounts(self, amount: int, reserves: list[int], exact_in: bool) -> list[int]:
        pools: list[str] = []
        for place, pair in enumerate(zip(reserves[::2], reserves[1::2], strict=True)):
            pools.append(f"pool{place}")
            mints = ("a", "b") if place % 2 == 0 else ("b", "a")
            self.market.open(pools[-1], *mints)
            self._put(pools[-1], pair, 0, mints)
        if exact_in:
            asked = amm.quote_hops_exact_in(pools=pools, mint_in="a", amount_in=amount)
        else:
            asked = amm.quote_hops_exact_out(pools=pools, mint_in="a", amount_out=amount)
        return list(Amounts.decode(self._asked(asked)).amounts)

    def value(self, shares: int, price: tuple[int, int] | None) -> tuple[int, int]:
        names = {"pool": "pool", "exchange": "exchange", "shares": shares}
        if price is None:
            return self._both(amm.value_shares(**names))
        return self._both(amm.value_shares_at_price(**names, price_a=price[0], price_b=price[1]))

    def arbitraged(self, price: tuple[int, int]) -> tuple[int, int]:
        return self._both(amm.quote_arbitrage(pool="pool", price_a=price[0], price_b=price[1]))

    def swap_to_price(self, price: tuple[int, int], most: tuple[int, int]) -> tuple[bool, int, int]:
        self._give(most)
        done = self._send(
            amm.swap_to_price(
                pool="pool",
                vault_a="pool_a",
                vault_b="pool_b",
                user_a="ann_a",
                user_b="ann_b",
                owner="ann",
                price_a=price[0],
                price_b=price[1],
                a_max=most[0],
                b_max=most[1],
            )
        )
        (event,) = events(done, Swapped)
        return event.a_in > 0, event.a_in + event.b_in, event.a_out + event.b_out

    def _both(self, asked: Instruction) -> tuple[int, int]:
        both = Both.decode(self._asked(asked))
        return both.a, both.b

    def _asked(self, asked: Instruction) -> bytes:
        returned = self._send(asked).return_data
        assert returned is not None
        return bytes(returned)

    def _send(self, *calls: Instruction) -> Receipt:
        return checked(self.vm.try_send(*calls, payer="ann"))

    def _give(self, amounts: tuple[int, int]) -> None:
        """Let the user have this much of each token, and no more."""
        for name, amount in zip("ab", amounts, strict=True):
            put_tokens(self.vm, f"ann_{name}", name, "ann", amount)

    def _put(
        self, pool: str, reserves: tuple[int, int], supply: int, mints: tuple[str, str] = ("a", "b")
    ) -> None:
        state = self.market.pool(pool)
        state.reserve_a, state.reserve_b = reserves
        state.supply = supply
        self.vm.set_account(pool, owner=amm, data=state)
        for name, amount in zip(mints, reserves, strict=True):
            put_tokens(self.vm, f"{pool}_{name}", name, authority_of(pool), amount)
