"""Deals of securitized receivables: obligors who pay, and notes that change hands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...primitives import Pubkey
from .documents import USER, bump_of, calling, derived, held_by, mint, tokens
from .draws import Draws
from .market import AccountDocument, Market, TransactionDocument

_VAULTS: Final = 8  # of each deal: obligors spread over them
_TRANCHES: Final = 2
_FACE: Final = 1_000_000_000
_PAID_MAX: Final = 1_000


def collections(draws: Draws) -> Market:
    """Obligors pay on their receivables, of deals picked by zipf."""
    return Market(_accounts(draws), _collections(draws), _naive)


def transfers(draws: Draws) -> Market:
    """Holders pass notes on to each other."""
    return Market(_accounts(draws), _transfers(draws), _naive)


def _accounts(draws: Draws) -> dict[str, AccountDocument]:
    accounts = {"securitization_usd": mint(draws.users * _FACE)}
    for deal in range(draws.markets):
        accounts |= _deal(deal, -(-draws.users // draws.markets))
    for user in range(draws.users):
        accounts |= _user(user, user % draws.markets)
    return accounts


def _deal(number: int, members: int) -> dict[str, AccountDocument]:
    deal = f"securitization_deal{number}"
    seeds = (b"authority", Pubkey.of(deal))
    authority = f"{deal}_authority"
    accounts = {
        authority: derived("securitization", "authority", {"key": deal}),
        deal: held_by(
            "securitization",
            "Deal",
            originator="securitization_originator",
            mint="securitization_usd",
            ledger=f"{deal}_ledger",
            authority=authority,
            bump=bump_of("securitization", *seeds),
            stage="active",
            tranches=_TRANCHES,
            pool=members * _FACE,
        ),
        f"{deal}_ledger": held_by("securitization", "Ledger", deal=deal),
    }
    for rank in range(_TRANCHES):
        notes = members * _FACE // _TRANCHES
        fields = {"deal": deal, "rank": rank, "notes": notes, "principal": notes}
        accounts[f"{deal}_tranche{rank}"] = held_by("securitization", "Tranche", **fields)
    for vault in range(_VAULTS):
        accounts[f"{deal}_vault{vault}"] = tokens("securitization_usd", authority, 0)
    return accounts


def _user(number: int, deal: int) -> dict[str, AccountDocument]:
    """A user owes something to a deal, and holds notes of both its tranches."""
    user, of = f"securitization_user{number}", f"securitization_deal{deal}"
    accounts = {
        user: USER,
        f"{user}_usd": tokens("securitization_usd", user, _FACE),
        f"{user}_loan": held_by(
            "securitization", "Receivable", deal=of, obligor=user, principal=_FACE
        ),
    }
    for rank in range(_TRANCHES):
        fields = {"tranche": f"{of}_tranche{rank}", "holder": user, "notes": _FACE // _TRANCHES}
        accounts[f"{user}_notes{rank}"] = held_by("securitization", "Holding", **fields)
    return accounts


def _collections(draws: Draws) -> Iterator[TransactionDocument]:
    paid = draws.below(_PAID_MAX, stream=2)
    for position, (number, amount) in enumerate(zip(_members(draws), paid, strict=True)):
        user = f"securitization_user{number}"
        deal = f"securitization_deal{number % draws.markets}"
        vault = number // draws.markets % _VAULTS
        call = {
            "deal": deal,
            "ledger": f"{deal}_ledger",
            "receivable": f"{user}_loan",
            "source": f"{user}_usd",
            "vault": f"{deal}_vault{vault}",
            "payer": user,
            "interest": amount // 3,
            "principal": amount,
        }
        yield calling(position, user, "securitization.collect", call)


def _transfers(draws: Draws) -> Iterator[TransactionDocument]:
    notes = draws.below(_PAID_MAX, stream=2)
    ranks = draws.below(_TRANCHES, stream=3)
    drawn = zip(_members(draws), notes, ranks, strict=True)
    for position, (number, amount, rank) in enumerate(drawn):
        deal = number % draws.markets
        # The next member of the same deal; the last one passes notes to the first.
        other = number + draws.markets if number + draws.markets < draws.users else deal
        user = f"securitization_user{number}"
        call = {
            "tranche": f"securitization_deal{deal}_tranche{rank}",
            "source": f"{user}_notes{rank}",
            "destination": f"securitization_user{other}_notes{rank}",
            "holder": user,
            "notes": amount + 1,
        }
        yield calling(position, user, "securitization.transfer_notes", call)


def _members(draws: Draws) -> Iterator[int]:
    """For each transaction a user of the deal that is drawn, all of its users alike."""
    deals = draws.pick(draws.markets, stream=0)
    chosen = draws.below(max(1, draws.users // draws.markets), stream=1)
    for deal, place in zip(deals, chosen, strict=True):
        yield deal + draws.markets * place


def _naive(transaction: TransactionDocument) -> list[str]:
    """A deal that counts what it collects, and a tranche that pays holders when notes move."""
    ((called, arguments),) = transaction["instructions"][0].items()
    if called == "securitization.transfer_notes":
        return [arguments["tranche"]]
    return [arguments["deal"], f"{arguments['deal']}_vault0"]
