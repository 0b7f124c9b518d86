"""Wallets and transfers: the same for a seed, signed, all different, picked as asked for."""

from __future__ import annotations

from collections import Counter

import pytest

from sealane.errors import UsageError
from sealane.ingest.workloads.draws import ZIPF_MAX
from sealane.node import read_genesis
from sealane.node.stress.transfers import Transfers
from sealane.node.stress.wallets import FUNDS, WALLETS_MAX, WALLETS_MIN, genesis_of, make_wallets
from sealane.programs.kit.program.program_set import ProgramSet
from sealane.signatures.verifying import verify
from sealane.wire import decode_signed

BLOCKHASH = bytes(range(32))


def test_the_same_seed_gives_the_same() -> None:
    def made(seed: int) -> list[bytes]:
        return Transfers(make_wallets(5, seed), zipf=None, seed=seed).make(20, BLOCKHASH)

    assert made(1) == made(1)
    assert made(1) != made(2)


def test_every_transfer_is_signed_and_none_comes_twice() -> None:
    transfers = Transfers(make_wallets(2, 0), zipf=None, seed=0)
    raws = [*transfers.make(300, BLOCKHASH), *transfers.make(300, BLOCKHASH)]
    decoded = [decode_signed(raw) for raw in raws]
    assert all(verify([check for each in decoded for check in each.checks()]))
    assert len({each.message_hash for each in decoded}) == 600
    assert {each.recent_blockhash for each in decoded} == {BLOCKHASH}


def test_nobody_pays_itself() -> None:
    for raw in Transfers(make_wallets(2, 0), zipf=None, seed=0).make(50, BLOCKHASH):
        (pay,) = decode_signed(raw).transaction.instructions
        assert pay.accounts[0].key != pay.accounts[1].key


def test_zipf_prefers_the_first() -> None:
    wallets = make_wallets(50, 0)
    raws = Transfers(wallets, zipf=1.5, seed=0).make(500, BLOCKHASH)
    payers = Counter(decode_signed(raw).transaction.payer for raw in raws)
    assert payers.most_common(1)[0][0] == wallets[0].address
    assert payers[wallets[0].address] > 5 * 500 / 50


def test_the_genesis_funds_them_and_has_no_secret() -> None:
    wallets = make_wallets(3, 7)
    genesis = genesis_of(wallets)
    accounts = read_genesis(genesis, ProgramSet(()))
    assert {key: account.lamports for key, account in accounts.items()} == {
        wallet.address: FUNDS for wallet in wallets
    }
    for wallet in wallets:
        assert wallet.seed not in genesis
        assert wallet.seed.hex().encode() not in genesis


@pytest.mark.parametrize("count", [WALLETS_MIN - 1, WALLETS_MAX + 1])
def test_a_number_of_wallets_that_cannot_be(count: int) -> None:
    with pytest.raises(UsageError, match="wallets: choose 2 to 100,000"):
        make_wallets(count, 0)
    assert len(make_wallets(WALLETS_MIN, 0)) == WALLETS_MIN


@pytest.mark.parametrize("zipf", [0.0, ZIPF_MAX])
def test_an_exponent_in_range(zipf: float) -> None:
    assert len(Transfers(make_wallets(2, 0), zipf=zipf, seed=0).make(3, BLOCKHASH)) == 3


@pytest.mark.parametrize("zipf", [-0.01, ZIPF_MAX + 0.01, float("nan")])
def test_an_exponent_out_of_range(zipf: float) -> None:
    with pytest.raises(UsageError, match=r"--zipf .* is out of range; use 0 to 10"):
        Transfers(make_wallets(2, 0), zipf=zipf, seed=0)
