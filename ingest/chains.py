"""The chains whose recorded blocks can be read, and which of them a content belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..primitives import InputError
from .building.recording import Chain, Content, Reading, Recording
from .sei.chain import SEI
from .solana.chain import SOLANA

# Asked in this order; no content is recognised by two.
CHAINS: Final[tuple[Chain, ...]] = (SOLANA, SEI)


def read_recordings(content: Content, reading: Reading, path: str) -> Sequence[Recording]:
    """The blocks in a content. Raises InputError if it is of no chain, or malformed."""
    chain = next((chain for chain in CHAINS if chain.recognises(content)), None)
    if chain is None:
        read = ", or ".join(chain.expected for chain in CHAINS)
        raise InputError(
            f"neither a fixture (it would say `sealane: 1`) nor {read}; name another file",
            path=path,
            line=1,
        )
    try:
        return chain.read(content, reading)
    except InputError as error:
        raise InputError(error.message, path=path) from error
