"""What people call contracts, and by that the keys of their state: `USDC:balance`, `USDC:0x2`.

Labels are given by address, in capital letters or not, or for one key. Guarantees: what people gave
counts before what everybody knows, and a label of one key before that of its address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from ..hex_values import is_address
from ..keys import StateKey

_TOKENS: Final = {
    "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2": "WETH",
    "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48": "USDC",
    "0xdac17f958d2ee523a2206206994597c13d831ec7": "USDT",
    "0x6b175474e89094c44da98b954eedeac495271d0f": "DAI",
    "0x2260fac5e5542a773aa44fbcfedf7c193bc2c599": "WBTC",
}
_EXCHANGES: Final = {
    "0x7a250d5630b4cf539739df2c5dacb4c659f2488d": "Uniswap v2 router",
    "0xe592427a0aece92de3edee1f18e0157c05861564": "Uniswap v3 router",
    "0x68b3465833fb72a70ecdf485e0e4c7bd8665fc45": "Uniswap v3 router 2",
    "0x3fc91a3afd70395cd496c647d5a6cc9d4b2b7fad": "Uniswap universal router",
    "0x000000000004444c5dc75cb358380d2e3de08a90": "Uniswap v4 pool manager",
}
# Called by the system itself: EIP-4788, 2935, 7002 and 7251.
_SYSTEM: Final = {
    "0x000f3df6d732807ef1319fb7b8bb8522d0beac02": "beacon roots",
    "0x0000f90827f1c53a10cb7a02335b175320002935": "block hashes",
    "0x00000961ef480eb55e80d19ad83579a64c007002": "withdrawal requests",
    "0x0000bbddc7ce488642fb579f8b00f3a590007251": "consolidation requests",
}
WELL_KNOWN: Final = _TOKENS | _EXCHANGES | _SYSTEM  # by address, on mainnet


def key_name(word: str) -> str:
    """A word as keys are spelled, if it names an address or a key in any spelling; else itself.

    >>> key_name("0x" + 40 * "A" + ":0x05") == "0x" + 40 * "a" + ":0x5"
    True
    """
    address, colon, part = word.partition(":")
    if not is_address(address):
        return word
    address = address.lower()
    return StateKey(address, _part(part)).name if colon else address


def labels_by_name(
    given: Mapping[str, str], names: Iterable[str], coinbase: str | None = None
) -> dict[str, str]:
    """Labels of addresses, and of those names (`address:part`, or an address) that have one."""
    labels = dict(WELL_KNOWN)
    if coinbase is not None:
        labels.setdefault(coinbase, "coinbase")
    labels |= {key_name(word): label for word, label in given.items()}
    found = dict(labels)
    for name in names:
        address, colon, part = name.partition(":")
        if name not in labels and address in labels:
            found[name] = f"{labels[address]}{colon}{part}"
    return found


def _part(part: str) -> str:
    """A slot without leading zeros; decimal digits are read, too."""
    try:
        number = int(part, 16 if part[:2] in ("0x", "0X") else 10)
    except ValueError:
        return part.lower()
    return hex(number) if 0 <= number < 1 << 256 else part
