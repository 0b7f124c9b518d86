"""Solana, as a chain whose recorded blocks can be read: the answers of `getBlock`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..building.recording import Chain, Content, Reading, Recording
from .envelope import looks_like_block
from .getblock import read_block
from .recording import SOLANA as NAME
from .recording import SolanaRecording


def _read(content: Content, reading: Reading) -> Sequence[Recording]:
    return [SolanaRecording(read_block(content, votes=reading.votes))]


SOLANA: Final = Chain(NAME, "the answer of Solana's getBlock", looks_like_block, _read)
