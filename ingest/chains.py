"""The chains whose recorded blocks can be read, and which of them a content belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..primitives import InputError
from .building.recording import Chain, Content, Reading, Recording, require_alone
from .ethereum.chain import ETHEREUM
from .sei.chain import SEI
from .solana.chain import SOLANA

# Asked in this order; no content is recognised by two.
CHAINS: Final[tuple[Chain, ...]] = (ETHEREUM, SOLANA, SEI)


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
    if not chain.joins_files:
        require_alone(reading, path)
    try:
        return chain.read(content, reading._replace(path=path))
    except InputError as error:
        if error.path is not None:  # a file beside this one
            raise
        raise type(error)(error.message, path=path) from error
