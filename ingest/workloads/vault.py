"""Vaults: users who deposit and redeem, who request deposits, and who claim rewards for locks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from ...primitives import Pubkey
from .documents import USER, bump_of, derived, held_by, mint, tokens
from .draws import Draws
from .market import AccountDocument, Market, TransactionDocument

_PROGRAM: Final = "vault"
_SHARDS: Final = 8  # tellers of an intake, and vaults of rewards: users spread over them
_HELD: Final = 1_000_000_000  # tokens and shares of each user
_AMOUNT_MAX: Final = 10_000
_NEVER: Final = 2**40
_WEIGHT: Final = 2 * _HELD
_PER_WEIGHT: Final = 10**18  # one token for each unit of weight

Accounts = dict[str, AccountDocument]
Call = Callable[[Draws, int, int], dict[str, Any]]


def moves(draws: Draws) -> Market:
    """Users deposit and redeem at once, as many the one as the other."""
    return Market(_base(draws), _calls(draws, _move), _naive)


def requests(draws: Draws) -> Market:
    """Users request deposits, through the teller that is theirs."""
    accounts = _base(draws)
    for number in range(draws.markets):
        accounts |= _intake(number)
    for user in range(draws.users):
        name = f"vault_user{user}"
        accounts[f"{name}_ticket"] = held_by(_PROGRAM, "Ticket", owner_key=name)
    return Market(accounts, _calls(draws, _request), _naive)


def claims(draws: Draws) -> Market:
    """Users claim rewards, each time those of another of their locks."""
    accounts = _base(draws)
    for number in range(draws.markets):
        accounts |= _rewards(number)
    for position, user in enumerate(_members(draws)):
        pool = f"vault{user % draws.markets}_perks"
        fields = {"pool": pool, "owner_key": f"vault_user{user}", "weight": _WEIGHT}
        accounts[f"vault_lock{position}"] = held_by(_PROGRAM, "Lock", shares=_HELD, **fields)
    return Market(accounts, _claims(draws), _naive)


def _base(draws: Draws) -> Accounts:
    accounts = {"vault_usd": mint(2 * draws.users * _HELD), "vault_gems": mint(2**62)}
    for number in range(draws.markets):
        accounts |= _vault(number, -(-draws.users // draws.markets) * _HELD)
    for user in range(draws.users):
        name, of = f"vault_user{user}", f"vault{user % draws.markets}"
        accounts |= {
            name: USER,
            f"{name}_usd": tokens("vault_usd", name, _HELD),
            f"{name}_shares": tokens(f"{of}_shares", name, _HELD),
            f"{name}_gems": tokens("vault_gems", name, 0),
        }
    return accounts


def _vault(number: int, amount: int) -> Accounts:
    name = f"vault{number}"
    authority = f"{name}_authority"
    state = held_by(
        _PROGRAM,
        "Vault",
        admin="vault_admin",
        asset_mint="vault_usd",
        share_mint=f"{name}_shares",
        idle_vault=f"{name}_idle",
        bump=_bump(name),
        entry_fee_bps=10,
        exit_fee_bps=10,
        assets_max=2**64 - 1,
        virtual_shares=1,
        virtual_assets=1,
        idle=amount,
        shares=amount,
    )
    return {
        authority: derived(_PROGRAM, "authority", {"key": name}),
        name: state,
        f"{name}_idle": tokens("vault_usd", authority, amount),
        f"{name}_shares": mint(amount, authority=authority),
    }


def _intake(number: int) -> Accounts:
    name = f"vault{number}_intake"
    authority = f"{name}_authority"
    fields = {"vault": f"vault{number}", "tellers": _SHARDS, "closes_at": _NEVER}
    accounts = {
        authority: derived(_PROGRAM, "authority", {"key": name}),
        name: held_by(_PROGRAM, "Intake", authority=authority, bump=_bump(name), **fields),
    }
    for shard in range(_SHARDS):
        teller, inbox = f"{name}_teller{shard}", f"{name}_inbox{shard}"
        accounts[teller] = held_by(_PROGRAM, "Teller", intake=name, number=shard, inbox=inbox)
        accounts[inbox] = tokens("vault_usd", authority, 0)
    return accounts


def _rewards(number: int) -> Accounts:
    name = f"vault{number}_perks"
    authority = f"{name}_authority"
    accounts = {
        authority: derived(_PROGRAM, "authority", {"key": name}),
        name: held_by(
            _PROGRAM,
            "RewardPool",
            vault=f"vault{number}",
            reward_mint="vault_gems",
            authority=authority,
            bump=_bump(name),
            index=_PER_WEIGHT,
        ),
    }
    for shard in range(_SHARDS):
        accounts[f"{name}_gems{shard}"] = tokens("vault_gems", authority, 2**50)
    return accounts


def _bump(name: str) -> int:
    return bump_of(_PROGRAM, b"authority", Pubkey.of(name))


def _calls(draws: Draws, call: Call) -> Iterator[TransactionDocument]:
    amounts = draws.below(_AMOUNT_MAX, stream=2)
    for position, (user, amount) in enumerate(zip(_members(draws), amounts, strict=True)):
        yield _calling(position, user, call(draws, user, amount + 1))


def _claims(draws: Draws) -> Iterator[TransactionDocument]:
    for position, user in enumerate(_members(draws)):
        yield _calling(position, user, _claim(draws, position, user))


def _members(draws: Draws) -> Iterator[int]:
    """For each transaction a user of the vault that is drawn, all of its users alike."""
    vaults = draws.pick(draws.markets, stream=0)
    chosen = draws.below(max(1, draws.users // draws.markets), stream=1)
    for number, place in zip(vaults, chosen, strict=True):
        yield number + draws.markets * place


def _move(draws: Draws, user: int, amount: int) -> dict[str, Any]:
    name, of = f"vault_user{user}", f"vault{user % draws.markets}"
    accounts = {"vault": of, "idle_vault": f"{of}_idle", "share_mint": f"{of}_shares"}
    purses = [f"{name}_usd", f"{name}_shares"]
    if amount % 2:
        moved: dict[str, Any] = {"assets": amount, "shares_min": 0}
        instruction = "deposit"
    else:
        purses.reverse()
        moved = {"shares": amount, "assets_min": 0}
        instruction = "redeem"
    users = {"source": purses[0], "destination": purses[1], "owner": name}
    return {f"vault.{instruction}": {**accounts, **users, **moved}}


def _request(draws: Draws, user: int, amount: int) -> dict[str, Any]:
    name, intake = f"vault_user{user}", f"vault{user % draws.markets}_intake"
    shard = user // draws.markets % _SHARDS
    arguments = {
        "intake": intake,
        "teller": f"{intake}_teller{shard}",
        "ticket": f"{name}_ticket",
        "inbox": f"{intake}_inbox{shard}",
        "source": f"{name}_usd",
        "owner": name,
        "amount": amount,
    }
    return {"vault.request": arguments}


def _claim(draws: Draws, position: int, user: int) -> dict[str, Any]:
    name, pool = f"vault_user{user}", f"vault{user % draws.markets}_perks"
    arguments = {
        "pool": pool,
        "lock": f"vault_lock{position}",
        "reward_vault": f"{pool}_gems{user // draws.markets % _SHARDS}",
        "destination": f"{name}_gems",
        "owner": name,
    }
    return {"vault.claim_rewards": arguments}


def _calling(position: int, user: int, call: dict[str, Any]) -> TransactionDocument:
    return {"id": f"t{position}", "payer": f"vault_user{user}", "instructions": [call]}


def _naive(transaction: TransactionDocument) -> list[str]:
    """Fees paid out at once; requests that are deposits; claims that bring the pool up to date."""
    ((called, arguments),) = transaction["instructions"][0].items()
    match called:
        case "vault.request":
            of = arguments["intake"].removesuffix("_intake")
            return [of, f"{of}_idle", f"{of}_shares"]
        case "vault.claim_rewards":
            return [arguments["pool"], f"{arguments['pool']}_gems0"]
        case _:
            return ["vault_admin"]
