"""Ethereum, as a chain whose recorded blocks can be read: lists, traces, tests, nodes' answers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from os.path import basename
from typing import Final, NamedTuple

from ...primitives import InputError, UsageError
from ..building.recording import Chain, Content, Reading, Recording
from .access_list.document import is_list_document, list_and_header, read_list_document
from .columns import Granularity
from .model import EthereumBlock
from .node_answers.alignment import Named
from .node_answers.documents import is_answer, read_answers
from .node_answers.with_list import NamedList, answer_of_header, block_of
from .planning.recording import ETHEREUM as NAME
from .planning.recording import EthereumRecording
from .spec_test import is_spec_test, spec_tests


class _Document(NamedTuple):
    """The content of one file. `name`: as messages call it. `path`: None for the block's own."""

    name: str
    content: Content
    path: str | None = None


def _recognises(content: Content) -> bool:
    return is_list_document(content) or is_answer(content) or is_spec_test(content)


def _read(content: Content, reading: Reading) -> Sequence[Recording]:
    granularity = Granularity(reading.granularity)
    if is_spec_test(content):
        return _read_spec_tests(content, reading, granularity)
    if is_list_document(content) and not is_answer(content) and not reading.beside:
        block = read_list_document(content)
    else:
        block = _joined(content, reading)
    return [EthereumRecording(lambda: block, granularity=granularity)]


def _joined(content: Content, reading: Reading) -> EthereumBlock:
    names = _names([reading.path, *(each.path for each in reading.beside)])
    documents = [_Document(names[0], content)]
    for name, beside in zip(names[1:], reading.beside, strict=True):
        documents.append(_Document(name, beside.content, beside.path))
    answers: list[Named] = []
    lists: list[NamedList] = []
    for document in documents:
        _add(document, answers, lists)
    return block_of(answers, lists)


def _read_spec_tests(
    content: Content, reading: Reading, granularity: Granularity
) -> Sequence[Recording]:
    if reading.beside:
        raise UsageError(
            "execution-spec tests say all there is to know of their blocks; leave out --with",
            path=reading.path,
        )
    return [
        EthereumRecording(partial(test.block, number), test.name_of(number), granularity)
        for test in spec_tests(content)
        for number in range(len(test))
    ]


def _add(document: _Document, answers: list[Named], lists: list[NamedList]) -> None:
    """Read a document: an answer, a list, or a block that holds its list. Raises InputError."""
    name, content, path = document
    try:
        if is_list_document(content):
            found, header = list_and_header(content)
            lists.append(NamedList(name, found))
            if not is_answer(content):
                answers.append(Named(name, answer_of_header(header)))
        if is_answer(content) or not is_list_document(content):
            answers += read_answers(content, name)
    except InputError as error:
        raise InputError(error.message, path=path) from error


def _names(paths: Sequence[str]) -> list[str]:
    """The files' own names; whole paths where two files share one."""
    names = [basename(path) for path in paths]
    return names if len(set(names)) == len(names) else list(paths)


ETHEREUM: Final = Chain(
    NAME,
    "what Ethereum's nodes tell of a block (its access list, traces, eth_getBlockByNumber, "
    "prestateTracer's answers)",
    _recognises,
    _read,
    joins_files=True,
)
