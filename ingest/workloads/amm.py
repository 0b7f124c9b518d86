"""Pools of a few tokens: users who swap with one of them, or along two.

Each market, a pair of tokens, has a pool for each tier of fees, over which its traders spread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ...primitives import Pubkey
from .documents import USER, bump_of, derived, held_by, mint, tokens
from .draws import Draws
from .market import AccountDocument, Market, TransactionDocument

_PROGRAM: Final = "amm"
_MINTS: Final = 4
# The tokens of a market, by its number: from any market another one leads on.
_PAIRS: Final = ((0, 1), (1, 2), (2, 3), (3, 0), (0, 2), (1, 3))
_FEES_BPS: Final = (30, 5, 100, 1)  # a pool of each market for each
_WHOLE_BPS: Final = 10_000
_ACCOUNTS_OF_HOP: Final = 4
_FUNDS: Final = 10**12
_RESERVE: Final = 10**12
_LEAST: Final = 1_000
_AMOUNTS: Final = 1_000_000


def swaps(draws: Draws) -> Market:
    """Users swap in markets picked by zipf, in either way."""
    return Market(_accounts(draws), _swaps(draws), _naive)


def hops(draws: Draws) -> Market:
    """Users swap along two pools, the first of a market picked by zipf."""
    return Market(_accounts(draws), _hops(draws), _naive)


def _markets(draws: Draws) -> int:
    return max(len(_PAIRS), draws.markets // len(_FEES_BPS))


def _pools(draws: Draws) -> int:
    return _markets(draws) * len(_FEES_BPS)


def _picked(draws: Draws) -> Iterator[int]:
    """The pools of markets picked by zipf, of any tier."""
    markets = draws.pick(_markets(draws), stream=0)
    tiers = draws.below(len(_FEES_BPS), stream=5)
    return (_market_pool(*each) for each in zip(markets, tiers, strict=True))


def _market_pool(market: int, tier: int = 0) -> int:
    return market * len(_FEES_BPS) + tier


def _pair(pool: int) -> tuple[int, int]:
    return _PAIRS[pool // len(_FEES_BPS) % len(_PAIRS)]


def _accounts(draws: Draws) -> dict[str, AccountDocument]:
    supply = _FUNDS * draws.users + _RESERVE * _pools(draws)
    accounts: dict[str, AccountDocument] = {_mint(each): mint(supply) for each in range(_MINTS)}
    for number in range(_pools(draws)):
        accounts |= _pool(number)
    for number in range(draws.users):
        user = f"amm_user{number}"
        accounts[user] = USER
        for each in range(_MINTS):
            accounts[_held(number, each)] = tokens(_mint(each), user, _FUNDS)
    return accounts


def _pool(number: int) -> dict[str, AccountDocument]:
    pool, (a, b) = f"amm_pool{number}", _pair(number)
    authority, shares = f"{pool}_authority", f"{pool}_shares"
    fee = _FEES_BPS[number % len(_FEES_BPS)]
    return {
        authority: derived(_PROGRAM, "authority", {"key": pool}),
        pool: held_by(
            _PROGRAM,
            "Pool",
            exchange="amm_exchange",
            tier=f"amm_tier{fee}",
            mint_a=_mint(a),
            mint_b=_mint(b),
            vault_a=_vault(number, a),
            vault_b=_vault(number, b),
            share_mint=shares,
            bump=bump_of(_PROGRAM, b"authority", Pubkey.of(pool)),
            fee_numerator=fee,
            fee_denominator=_WHOLE_BPS,
            reserve_a=_RESERVE,
            reserve_b=_RESERVE,
            supply=_RESERVE,
        ),
        shares: mint(_RESERVE, authority=authority),
        _vault(number, a): tokens(_mint(a), authority, _RESERVE),
        _vault(number, b): tokens(_mint(b), authority, _RESERVE),
    }


def _swaps(draws: Draws) -> Iterator[TransactionDocument]:
    users = draws.below(draws.users, stream=1)
    ways = draws.below(2, stream=2)
    amounts = draws.below(_AMOUNTS, stream=3)
    drawn = zip(_picked(draws), users, ways, amounts, strict=True)
    for position, (pool, user, way, amount) in enumerate(drawn):
        paid, out = _pair(pool)[:: 1 if way else -1]
        call = {
            "pool": f"amm_pool{pool}",
            "authority": f"amm_pool{pool}_authority",
            "vault_in": _vault(pool, paid),
            "vault_out": _vault(pool, out),
            "source": _held(user, paid),
            "destination": _held(user, out),
            "owner": f"amm_user{user}",
            "amount_in": _LEAST + amount,
            "amount_out_min": 1,
        }
        yield _calling(position, user, "swap_exact_in", call)


def _hops(draws: Draws) -> Iterator[TransactionDocument]:
    users = draws.below(draws.users, stream=1)
    ways = draws.below(2, stream=2)
    amounts = draws.below(_AMOUNTS, stream=3)
    choices = draws.below(_pools(draws), stream=4)
    drawn = zip(_picked(draws), users, ways, amounts, choices, strict=True)
    for position, (pool, user, way, amount, choice) in enumerate(drawn):
        paid, middle = _pair(pool)[:: 1 if way else -1]
        following = _following(pool, middle, choice, _pools(draws))
        out = next(each for each in _pair(following) if each != middle)
        call = {
            "source": _held(user, paid),
            "destination": _held(user, out),
            "owner": f"amm_user{user}",
            "path": [*_hop(pool, paid, middle), *_hop(following, middle, out)],
            "amount_in": _LEAST + amount,
            "amount_out_min": 1,
        }
        yield _calling(position, user, "swap_hops_exact_in", call)


def _following(pool: int, token: int, choice: int, pools: int) -> int:
    """Another pool that takes this token: the first one from `choice` on."""
    candidates = ((choice + step) % pools for step in range(pools))
    return next(each for each in candidates if each != pool and token in _pair(each))


def _hop(pool: int, paid: int, out: int) -> list[str]:
    return [f"amm_pool{pool}", f"amm_pool{pool}_authority", _vault(pool, paid), _vault(pool, out)]


def _mint(number: int) -> str:
    return f"amm_mint{number}"


def _vault(pool: int, token: int) -> str:
    return f"amm_pool{pool}_vault{token}"


def _held(user: int, token: int) -> str:
    return f"amm_user{user}_token{token}"


def _calling(
    position: int, user: int, instruction: str, arguments: Mapping[str, object]
) -> TransactionDocument:
    call = {f"{_PROGRAM}.{instruction}": arguments}
    return {"id": f"t{position}", "payer": f"amm_user{user}", "instructions": [call]}


def _naive(transaction: TransactionDocument) -> list[str]:
    """One pool a pair, and its fees paid out with every swap, to one account for each token."""
    ((_, call),) = transaction["instructions"][0].items()
    path = call.get("path", [call.get("pool")])
    pools = [int(name.removeprefix("amm_pool")) for name in path[::_ACCOUNTS_OF_HOP]]
    first = [f"amm_pool{_market_pool(pool // len(_FEES_BPS))}" for pool in pools]
    return [*first, f"amm_fees{call['source'].rpartition('token')[2]}"]
