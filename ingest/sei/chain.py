"""Sei, as a chain whose blocks can be read: dependency mappings, with or without transactions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..building.recording import Chain, Content, Reading, Recording
from .block_document import is_block_document, read_block_document
from .case_documents import is_case_document, read_case_document
from .recording import SEI as NAME
from .recording import SeiRecording


def _recognises(content: Content) -> bool:
    return is_block_document(content) or is_case_document(content)


def _read(content: Content, _: Reading) -> Sequence[Recording]:
    if is_block_document(content):
        return [SeiRecording(read_block_document(content))]
    return [SeiRecording(block) for block in read_case_document(content)]


SEI: Final = Chain(NAME, "a dependency mapping of Sei", _recognises, _read)
