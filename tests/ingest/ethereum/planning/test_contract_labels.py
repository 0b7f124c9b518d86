"""Labels of contracts, and names of keys in any spelling."""

from __future__ import annotations

import pytest

from sealane.ingest.ethereum.planning.contract_labels import key_name, labels_by_name

POOL = "0x" + 20 * "ab"
LOUD = "0x" + 20 * "Ab"
WETH = "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2"


@pytest.mark.parametrize(
    ("word", "name"),
    [
        (LOUD, POOL),
        (f"{LOUD}:balance", f"{POOL}:balance"),
        (f"{POOL}:BALANCE", f"{POOL}:balance"),
        (f"{POOL}:0x05", f"{POOL}:0x5"),
        (f"{POOL}:0x{5:064x}", f"{POOL}:0x5"),
        (f"{POOL}:5", f"{POOL}:0x5"),
        (f"{POOL}:10", f"{POOL}:0xa"),
        (f"{POOL}:0X1F", f"{POOL}:0x1f"),
        (f"{POOL}:0x0", f"{POOL}:0x0"),
        ("alice", "alice"),
        ("votes", "votes"),
        (f"{POOL}:-1", f"{POOL}:-1"),
        (f"{POOL}:{2**256}", f"{POOL}:{2**256}"),
    ],
)
def test_a_key_is_found_in_any_spelling(word: str, name: str) -> None:
    assert key_name(word) == name


def test_keys_of_a_labelled_contract_are_called_by_it() -> None:
    names = [f"{POOL}:balance", f"{POOL}:0x5", f"{WETH}:0x1", "0x" + 40 * "9"]
    labels = labels_by_name({LOUD: "pool", f"{POOL}:0x05": "reserves"}, names)
    assert labels[POOL] == "pool"
    assert labels[f"{POOL}:balance"] == "pool:balance"
    assert labels[f"{POOL}:0x5"] == "reserves"
    assert labels[f"{WETH}:0x1"] == "WETH:0x1"
    assert "0x" + 40 * "9" not in labels


def test_whole_accounts_are_labelled_and_a_label_given_counts_before_a_known_one() -> None:
    assert labels_by_name({WETH: "ether"}, [WETH])[WETH] == "ether"
    assert labels_by_name({}, [WETH])[WETH] == "WETH"
