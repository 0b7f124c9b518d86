"""The chains whose recorded blocks can be read, and which of them a content belongs to.

Each is imported when it is asked, for together they take as long as everything else that a plan of
a small block does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..primitives import InputError
from .building.recording import Chain, Content, Reading, Recording, require_alone
from .solana.chain import SOLANA
from .solana.envelope import is_block_of_solana


def chains() -> Iterator[Chain]:
    """All of them, in the order in which they are asked; no content is recognised by two.

    Solana's is the last of those that nodes answer: it takes their errors for its own.
    """
    from .ethereum.chain import ETHEREUM

    yield ETHEREUM
    yield SOLANA
    from .sei.chain import SEI

    yield SEI


def read_recordings(content: Content, reading: Reading, path: str) -> Sequence[Recording]:
    """The blocks in a content. Raises InputError if it is of no chain, or malformed."""
    chain = _chain_of(content, path)
    if not chain.joins_files:
        require_alone(reading, path)
    try:
        return chain.read(content, reading._replace(path=path))
    except InputError as error:
        if error.path is not None:  # a file beside this one
            raise
        raise type(error)(error.message, path=path) from error


def _chain_of(content: Content, path: str) -> Chain:
    if is_block_of_solana(content):  # certainly so: no other chain need be imported
        return SOLANA
    for chain in chains():
        if chain.recognises(content):
            return chain
    read = ", nor ".join(chain.expected for chain in chains())
    raise InputError(
        f"neither a fixture (it would say `sealane: 1`), nor {read}; name another file",
        path=path,
        line=1,
    )
