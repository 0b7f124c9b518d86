"""Pools of stakes with rewards, and stake pools: their users stake, claim and deposit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ...primitives import Pubkey
from .documents import USER, bump_of, derived, held_by, mint, tokens
from .draws import Draws
from .market import AccountDocument, Market, TransactionDocument

_VAULTS: Final = 8  # of each pool and purpose: users spread over them
_TOKENS: Final = 1_000_000_000_000
_AMOUNT_MAX: Final = 1_000_000
_REWARD_A_UNIT: Final = 10**18  # an index at which each staked unit has earned 1
_RESERVE: Final = 1_000_000_000_000


def stakes(draws: Draws) -> Market:
    """Users add to their stakes, in pools picked by zipf that were refreshed in this slot."""
    return Market(_accounts(draws), _stakes(draws), _naive)


def claims(draws: Draws) -> Market:
    """Users take their rewards. Whoever claims again gets nothing, and succeeds."""
    return Market(_accounts(draws), _claims(draws), _naive)


def deposits(draws: Draws) -> Market:
    """Users deposit lamports into stake pools picked by zipf."""
    accounts: dict[str, AccountDocument] = {}
    for pool in range(draws.markets):
        accounts |= _stake_pool(f"staking_liquid{pool}")
    for user in range(draws.users):
        name = f"staking_user{user}"
        accounts[name] = {"lamports": _TOKENS}
        liquid = f"staking_liquid{user % draws.markets}"
        accounts[f"{name}_tokens"] = tokens(f"{liquid}_mint", name, 0)
    return Market(accounts, _deposits(draws))


def queued(draws: Draws) -> Market:
    """Users put lamports into queues of stake pools picked by zipf."""
    accounts: dict[str, AccountDocument] = {}
    for pool in range(draws.markets):
        queue = held_by("staking", "Queue", pool=f"staking_liquid{pool}")
        accounts |= _stake_pool(f"staking_liquid{pool}") | {f"staking_liquid{pool}_queue": queue}
    for user in range(draws.users):
        name, queue = f"staking_user{user}", f"staking_liquid{user % draws.markets}_queue"
        accounts[name] = {"lamports": _TOKENS}
        accounts[f"{name}_ticket"] = held_by("staking", "Ticket", queue=queue, holder=name)
    return Market(accounts, _queued(draws), lambda called: [_queue_of(called)])


def _accounts(draws: Draws) -> dict[str, AccountDocument]:
    accounts = {"staking_lp": mint(draws.users * _TOKENS), "staking_reward": mint(_TOKENS)}
    for pool in range(draws.markets):
        accounts |= _pool(f"staking_pool{pool}")
    for user in range(draws.users):
        accounts |= _user(user, f"staking_pool{user % draws.markets}")
    return accounts


def _pool(pool: str) -> dict[str, AccountDocument]:
    key = Pubkey.of(pool)
    accounts = {
        f"{pool}_stakes": derived("staking", "stakes", {"key": pool}),
        f"{pool}_rewards": derived("staking", "rewards", {"key": pool}),
        pool: held_by(
            "staking",
            "Pool",
            admin="staking_admin",
            treasury=pool,
            stake_mint="staking_lp",
            reward_mint="staking_reward",
            flow=f"{pool}_flow",
            authority=f"{pool}_stakes",
            bump=bump_of("staking", b"stakes", key),
            reward_authority=f"{pool}_rewards",
            reward_bump=bump_of("staking", b"rewards", key),
            kind="stream",
            accepts_stakes=True,
            precision=10**18,
            index=_REWARD_A_UNIT,
            staked=_TOKENS,
            distributed=_TOKENS,
        ),
        f"{pool}_flow": held_by("staking", "Flow", pool=pool),
    }
    for vault in range(_VAULTS):
        accounts[f"{pool}_stakes{vault}"] = tokens("staking_lp", f"{pool}_stakes", 0)
        rewards = tokens("staking_reward", f"{pool}_rewards", _TOKENS)
        accounts[f"{pool}_rewards{vault}"] = rewards
    return accounts


def _user(number: int, pool: str) -> dict[str, AccountDocument]:
    user = f"staking_user{number}"
    position = held_by("staking", "Position", pool=pool, holder=user, amount=_AMOUNT_MAX)
    return {
        user: USER,
        f"{user}_lp": tokens("staking_lp", user, _TOKENS),
        f"{user}_reward": tokens("staking_reward", user, 0),
        f"{user}_position": position,
    }


def _stake_pool(pool: str) -> dict[str, AccountDocument]:
    authority = f"{pool}_authority"
    return {
        authority: derived("staking", "stake pool", {"key": pool}),
        f"{pool}_mint": mint(_RESERVE, authority=authority, decimals=9),
        f"{pool}_fees": tokens(f"{pool}_mint", "staking_manager", 0),
        f"{pool}_reserve": held_by("staking", "Reserve", pool=pool),
        pool: held_by(
            "staking",
            "StakePool",
            manager="staking_manager",
            mint=f"{pool}_mint",
            reserve=f"{pool}_reserve",
            fee_account=f"{pool}_fees",
            authority=authority,
            bump=bump_of("staking", b"stake pool", Pubkey.of(pool)),
            total_lamports=_RESERVE,
            supply=_RESERVE,
        ),
    }


def _stakes(draws: Draws) -> Iterator[TransactionDocument]:
    amounts = draws.below(_AMOUNT_MAX, stream=2)
    for position, (number, amount) in enumerate(zip(_members(draws), amounts, strict=True)):
        user, pool, vault = _places(draws, number)
        call = _shared(user, pool) | {
            "source": f"{user}_lp",
            "vault": f"{pool}_stakes{vault}",
            "amount": amount + 1,
        }
        yield _calling(position, user, "stake", call)


def _claims(draws: Draws) -> Iterator[TransactionDocument]:
    for position, number in enumerate(_members(draws)):
        user, pool, vault = _places(draws, number)
        call = _shared(user, pool) | {
            "authority": f"{pool}_rewards",
            "vault": f"{pool}_rewards{vault}",
            "destination": f"{user}_reward",
        }
        yield _calling(position, user, "claim", call)


def _deposits(draws: Draws) -> Iterator[TransactionDocument]:
    amounts = draws.below(_AMOUNT_MAX, stream=2)
    for position, (number, amount) in enumerate(zip(_members(draws), amounts, strict=True)):
        user, pool = f"staking_user{number}", f"staking_liquid{number % draws.markets}"
        call = {
            "pool": pool,
            "reserve": f"{pool}_reserve",
            "mint": f"{pool}_mint",
            "authority": f"{pool}_authority",
            "depositor": user,
            "pool_tokens": f"{user}_tokens",
            "fee_account": f"{pool}_fees",
            "referrer_tokens": f"{pool}_fees",
            "lamports": amount + 1,
            "least_tokens": 0,
        }
        yield _calling(position, user, "deposit_stake", call)


def _queued(draws: Draws) -> Iterator[TransactionDocument]:
    amounts = draws.below(_AMOUNT_MAX, stream=2)
    for position, (number, amount) in enumerate(zip(_members(draws), amounts, strict=True)):
        user, queue = f"staking_user{number}", f"staking_liquid{number % draws.markets}_queue"
        call = {
            "queue": queue,
            "ticket": f"{user}_ticket",
            "holder": user,
            "lamports": amount + 1,
        }
        yield _calling(position, user, "queue_deposit", call)


def _queue_of(transaction: TransactionDocument) -> str:
    ((_, arguments),) = transaction["instructions"][0].items()
    return str(arguments["queue"])


def _members(draws: Draws) -> Iterator[int]:
    """For each transaction a user of the pool that is drawn, all of its users alike."""
    pools = draws.pick(draws.markets, stream=0)
    chosen = draws.below(max(1, draws.users // draws.markets), stream=1)
    for pool, place in zip(pools, chosen, strict=True):
        yield pool + draws.markets * place


def _places(draws: Draws, number: int) -> tuple[str, str, int]:
    """A user, their pool, and the number of the vaults that they use."""
    pool = f"staking_pool{number % draws.markets}"
    return f"staking_user{number}", pool, number // draws.markets % _VAULTS


def _shared(user: str, pool: str) -> dict[str, object]:
    return {"pool": pool, "flow": f"{pool}_flow", "position": f"{user}_position", "holder": user}


def _calling(
    position: int, payer: str, instruction: str, arguments: Mapping[str, object]
) -> TransactionDocument:
    call = {f"staking.{instruction}": arguments}
    return {"id": f"t{position}", "payer": payer, "instructions": [call]}


def _naive(transaction: TransactionDocument) -> list[str]:
    """A pool that folds its index and keeps its total with each call, and has one vault."""
    ((called, arguments),) = transaction["instructions"][0].items()
    pool = arguments["pool"]
    kind = "stakes" if called == "staking.stake" else "rewards"
    return [pool, f"{pool}_{kind}0"]
