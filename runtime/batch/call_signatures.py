"""Call signatures: which transactions call the same handler in the same way.

A *call signature* is a shape and an instruction. Calls of one signature can run together: in a row
loop, or vectorized where there is a batch handler. It has nothing to do with signatures of keys.
"""

from __future__ import annotations

from typing import Final, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from ...primitives.known_keys import COMPUTE_BUDGET_ID
from ...programs.kit import Program
from ...programs.kit.columns.row_equality import equal_rows
from ...programs.kit.encoding.byte_codecs import FixedBytesCodec
from ...programs.kit.encoding.codec import Codec
from ...programs.kit.encoding.compound_codecs import OptionCodec
from ...programs.kit.encoding.scalar_codecs import (
    BoolCodec,
    EnumCodec,
    IntCodec,
    PubkeyCodec,
)
from ...programs.kit.handlers.parameters import AccountParameter, ContextParameter
from ...programs.kit.program.instruction import InstructionSpec
from ...programs.kit.program.program_set import ProgramSet
from ...wire.compute_budget import COMPUTE_UNITS_PER_INSTRUCTION
from ..block.block import ADDS, SIGNER, Block
from ..block.shapes import (
    NO_SHAPE,
    Shape,
)
from ..columns.ragged import rows_of

NO_SIGNATURE: Final = -1

# Codecs with immutable values, which can therefore be decoded in advance.
_PLAIN: Final = (BoolCodec, EnumCodec, FixedBytesCodec, IntCodec, PubkeyCodec)


class CallSignature(NamedTuple):
    """A shape and an instruction. `by_row`: whether its scalar handler can be called in a row loop.
    `vectorized`: whether it has a batch handler that can be called on all of them at once."""

    shape_index: int
    shape: Shape
    spec: InstructionSpec
    by_row: bool
    vectorized: bool

    @property
    def accounts(self) -> tuple[AccountParameter, ...]:
        """The parameter of each account, up to the last account that the handler declares."""
        spec, count = self.spec, self.shape.account_count
        declared = spec.accounts
        if declared and declared[-1].variadic:
            declared += declared[-1:] * (count - len(declared))
        return declared[:count]

    @property
    def adds(self) -> bool:
        """Whether the transactions only add to some of their accounts."""
        return any(flags & ADDS for flags in self.shape.flags)

    @property
    def takes_context(self) -> bool:
        """Whether the scalar handler takes a context."""
        return _takes_context(self.spec)


class CallSignatures:
    """The signatures of one block's transactions. `alone` bool[n], by position: those that have
    none, whatever they call."""

    def __init__(
        self, block: Block, programs: ProgramSet, alone: NDArray[np.bool_] | None = None
    ) -> None:
        self._alone = alone
        self.table: list[CallSignature] = []
        self._columns = block.instructions
        self._shapes = block.shapes
        self._programs = [programs.get(program_id) for program_id in block.program_ids]
        self._restless = programs.impure
        self._of_shape: dict[int, list[int]] = {}

    def of(self, positions: NDArray[np.int64]) -> NDArray[np.int32]:
        """int32[n]: each one's signature, an index into `table`; NO_SIGNATURE if it runs alone."""
        signatures = self._found(positions)
        if self._alone is not None:
            signatures[self._alone[positions]] = NO_SIGNATURE
        return signatures

    def _found(self, positions: NDArray[np.int64]) -> NDArray[np.int32]:
        shape_of = self._shapes.of[positions]
        signatures = np.full(len(positions), NO_SIGNATURE, dtype=np.int32)
        counts = np.bincount(shape_of - NO_SHAPE)
        for shape in (np.flatnonzero(counts) + NO_SHAPE).tolist():
            if shape == NO_SHAPE or not (found := self._signatures_of(shape)):
                continue
            if counts[shape - NO_SHAPE] == len(signatures):
                return self._by_tag(positions, found)
            rows = shape_of == shape
            signatures[rows] = self._by_tag(positions[rows], found)
        return signatures

    def most_common_count(self, positions: NDArray[np.int64]) -> int:
        """The size of the largest set of these with one shape, which bounds every signature's."""
        counts = np.bincount(self._shapes.of[positions] - NO_SHAPE)
        return int(counts[1:].max(initial=0))

    def _signatures_of(self, index: int) -> list[int]:
        """The signatures that calls of this shape may have."""
        known = self._of_shape.get(index)
        if known is None:
            shape = self._shapes.table[index]
            program = self._programs[shape.program]
            first = len(self.table)
            if program is not None and program.id not in self._restless:
                self.table += _signatures(program, index, shape)
            known = self._of_shape[index] = list(range(first, len(self.table)))
        return known

    def _by_tag(self, positions: NDArray[np.int64], found: list[int]) -> NDArray[np.int32]:
        signatures = np.full(len(positions), NO_SIGNATURE, dtype=np.int32)
        columns = self._columns
        starts = columns.data_offsets[columns.offsets[positions]]
        heads: dict[int, NDArray[np.uint8]] = {}  # by length: most programs have tags of one length
        unknown = len(positions)
        for signature in found:
            tag = np.frombuffer(self.table[signature].spec.tag, dtype=np.uint8)
            if len(tag) not in heads:
                heads[len(tag)] = rows_of(columns.data, starts, len(tag))
            alike = equal_rows(heads[len(tag)], tag[None])
            signatures[alike] = signature
            unknown -= int(np.count_nonzero(alike))
            if not unknown:
                break
        return signatures


def _signatures(program: Program, index: int, shape: Shape) -> list[CallSignature]:
    """The signatures that calls of this shape may have, as far as such calls can run together.

    Leaves out a tag that is a prefix of another tag: it does not identify its instruction.
    """
    signatures = [
        CallSignature(
            index, shape, spec, runs_in_row_loop(spec, shape), _can_be_vectorized(spec, shape)
        )
        for spec in program.instructions.values()
        if has_own_tag(program, spec)
    ]
    return [signature for signature in signatures if signature.by_row or signature.vectorized]


def has_own_tag(program: Program, spec: InstructionSpec) -> bool:
    """Whether the tag identifies its instruction: it is no prefix of another's."""
    return sum(x.tag.startswith(spec.tag) for x in program.instructions.values()) == 1


def runs_in_row_loop(spec: InstructionSpec, shape: Shape) -> bool:
    """Whether the scalar handler can be called row after row; see row_calls.py."""
    if spec.program_id == COMPUTE_BUDGET_ID:
        return False  # its calls set their own compute unit limit
    if spec.program.compute_units + spec.compute_units > COMPUTE_UNITS_PER_INSTRUCTION:
        return False
    if shape.data_len < len(spec.tag) or not _has_accounts(spec, shape):
        return False
    # Through a context, a handler can reach accounts that it does not declare; the loop has none.
    declared_all = _takes_rest(spec) or shape.account_count <= len(spec.accounts)
    return declared_all or not _takes_context(spec)


def decodes_at_once(spec: InstructionSpec, data_len: int) -> bool:
    """Whether arguments are at the same offsets in all calls, and can be decoded in advance."""
    return all(_is_plain(p.codec) for p in spec.arguments) and _fits(spec, data_len)


def _can_be_vectorized(spec: InstructionSpec, shape: Shape) -> bool:
    """Whether there is a batch handler, and it means the same as the scalar one in this shape."""
    if spec.batch_handler is None or not _has_accounts(spec, shape):
        return False
    if spec.misread_when_vectorized is not None:
        return False
    fixed_count = len(spec.accounts) - _takes_rest(spec)
    if _takes_rest(spec) and shape.account_count > fixed_count:
        return False
    return shape.account_count >= fixed_count and _fits(spec, shape.data_len)


def _fits(spec: InstructionSpec, data_len: int) -> bool:
    """Whether data of this length fits the arguments, and all of them have a fixed size."""
    if any(p.codec.size is None for p in spec.arguments):
        return False
    size = len(spec.tag) + sum(cast(int, p.codec.size) for p in spec.arguments)
    return data_len == size if spec.program.exact_data else data_len >= size


def _has_accounts(spec: InstructionSpec, shape: Shape) -> bool:
    """Whether calls of this shape have the accounts and the signers that the handler requires."""
    if shape.account_count < spec.account_count_min:
        return False
    declared = CallSignature(0, shape, spec, by_row=False, vectorized=False).accounts
    return not any(
        p.view_type.requires_executable or (p.signer and not flags & SIGNER)
        for p, flags in zip(declared, shape.flags, strict=False)
    )


def _takes_context(spec: InstructionSpec) -> bool:
    return any(isinstance(parameter, ContextParameter) for parameter in spec.parameters)


def _takes_rest(spec: InstructionSpec) -> bool:
    return any(parameter.variadic for parameter in spec.accounts)


def _is_plain(codec: Codec) -> bool:
    """Whether values are immutable and of fixed size."""
    if isinstance(codec, OptionCodec):
        return codec.size is not None and _is_plain(codec.inner)
    return isinstance(codec, _PLAIN)
