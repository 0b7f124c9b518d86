"""Descriptions of programs as plain values: the source of all help and documentation.

`help()`, `sealane programs`, the generated reference and the JSON Schema are all made of these.

    >>> from sealane.programs.library import system
    >>> described = describe_instruction(system.transfer)
    >>> [account.name for account in described.accounts if account.writable]
    ['source', 'destination']
    >>> described.example
    '- system.transfer: {source: source, destination: destination, lamports: 1}'

Guarantees: nothing is run. The errors of an instruction are those that its signature can cause and
those that its code names. Does not: find errors that a handler reaches only through methods of
objects, or those of programs that it calls.
"""

from __future__ import annotations

import dis
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ....primitives import Errors, InstructionErrors
from ..accounts.account import ProgramAccount, Signer
from ..accounts.layout import Layout
from ..batch.reachable_code import reachable_code
from ..handlers.constraints import Address
from ..handlers.parameters import AccountParameter, ArgumentParameter, is_layout
from .flow_yaml import flow_yaml
from .traits import InstructionTraits, ListedProgram, ProgramTraits
from .type_text import TypeText, example_value, type_text


@dataclass(frozen=True, slots=True)
class ErrorDescription:
    """A named error. `program` is None for the runtime's own."""

    program: str | None
    name: str
    code: int
    message: str

    @property
    def full_name(self) -> str:
        """The name as in fixtures."""
        return self.name if self.program is None else f"{self.program}.{self.name}"


@dataclass(frozen=True, slots=True)
class AccountDescription:
    """An account of an instruction.

    `position`: its index in the instruction's list, from 0. `kind`: what it must be, in words.
    `adds`: it is only added to. `credits`: the same where the block is built with the rule `adds`.
    `owner`: the program that must own it, if its layout or a mark requires one. `required`: whether
    a caller must name it. `several`: all accounts from here on. `signs_unless`: it signs only if
    this list of accounts is empty.
    """

    name: str
    position: int
    kind: str
    writable: bool
    signer: bool
    signs_unless: str | None
    required: bool
    optional: bool
    several: bool
    layout: str | None
    owner: str | None
    default: str | None
    constraints: tuple[str, ...]
    adds: bool = False
    credits: bool = False


@dataclass(frozen=True, slots=True)
class ArgumentDescription:
    """A value in an instruction's data. `default` is as in a fixture; None if there is none."""

    name: str
    type: TypeText
    required: bool
    default: str | None


@dataclass(frozen=True, slots=True)
class InstructionDescription:
    """An instruction. `tag`: prefix of its data, in hex; `compute_units`: charged before it."""

    program: str
    name: str
    doc: str
    tag: str
    compute_units: int
    accounts: tuple[AccountDescription, ...]
    arguments: tuple[ArgumentDescription, ...]
    errors: tuple[ErrorDescription, ...]
    example: str

    @property
    def full_name(self) -> str:
        return f"{self.program}.{self.name}"


@dataclass(frozen=True, slots=True)
class FieldDescription:
    """A field of a layout. `offset` is in bytes, None after a field of variable length."""

    name: str
    offset: int | None
    type: TypeText
    default: str


@dataclass(frozen=True, slots=True)
class LayoutDescription:
    """A layout of account data. `size` is in bytes; the minimum if it is not `fixed`."""

    program: str
    name: str
    doc: str
    size: int
    fixed: bool
    discriminator: str
    fields: tuple[FieldDescription, ...]

    @property
    def full_name(self) -> str:
        return f"{self.program}.{self.name}"


@dataclass(frozen=True, slots=True)
class ProgramDescription:
    """A program with everything that a fixture can name. `key` is in base58."""

    name: str
    key: str
    about: str
    compute_units: int
    instructions: tuple[InstructionDescription, ...]
    layouts: tuple[LayoutDescription, ...]
    errors: tuple[ErrorDescription, ...]


def describe_program(program: ListedProgram) -> ProgramDescription:
    """Describe a program."""
    return ProgramDescription(
        name=program.name,
        key=str(program.id),
        about=program.about,
        compute_units=program.compute_units,
        instructions=tuple(map(describe_instruction, program.instructions.values())),
        layouts=tuple(_layout(program, layout) for layout in program.layouts.values()),
        errors=tuple(_error(program, each) for each in program.errors or ()),
    )


def describe_instruction(spec: InstructionTraits) -> InstructionDescription:
    """Describe an instruction."""
    return InstructionDescription(
        program=spec.program_name,
        name=spec.name,
        doc=inspect.cleandoc(spec.handler.__doc__ or ""),
        tag=spec.tag.hex(),
        compute_units=spec.program.compute_units + spec.compute_units,
        accounts=tuple(_account(each, place) for place, each in enumerate(spec.accounts)),
        arguments=tuple(map(_argument, spec.arguments)),
        errors=tuple(_error(spec.program, each) for each in _errors_of(spec)),
        example=_example(spec),
    )


def _account(parameter: AccountParameter, position: int) -> AccountDescription:
    marks = parameter.constraints
    given = next((mark.name for mark in marks if isinstance(mark, Address)), None)
    return AccountDescription(
        name=parameter.name,
        position=position,
        kind=_kind(parameter),
        writable=parameter.writable,
        signer=parameter.signer or parameter.signs is not None,
        signs_unless=None if parameter.signs is None else parameter.signs.unless,
        required=not parameter.dispensable,
        optional=parameter.optional,
        several=parameter.variadic,
        layout=_layout_of(parameter),
        owner=None if parameter.owner is None else parameter.owner.name,
        default=parameter.known_name or given,
        constraints=tuple(mark.in_words for mark in marks if not isinstance(mark, Address)),
        adds=parameter.adds,
        credits=parameter.credits,
    )


def _kind(parameter: AccountParameter) -> str:
    if is_layout(parameter.view_type):
        return _layout_of(parameter) or ""
    if issubclass(parameter.view_type, Signer):
        return "any account that signs"
    return "a program" if issubclass(parameter.view_type, ProgramAccount) else "any account"


def _layout_of(parameter: AccountParameter) -> str | None:
    """`owner.Layout`, as in fixtures."""
    view = parameter.view_type
    if not issubclass(view, Layout) or parameter.owner is None:
        return None
    return f"{parameter.owner.name}.{view.layout_name}"


def _argument(parameter: ArgumentParameter) -> ArgumentDescription:
    default = None
    if parameter.has_default:
        default = flow_yaml(parameter.codec.to_json(parameter.default))
    elif parameter.dispensable:
        default = "null"
    return ArgumentDescription(
        parameter.name, type_text(parameter.codec), not parameter.dispensable, default
    )


def _layout(program: ProgramTraits, layout: type[Layout]) -> LayoutDescription:
    own_doc = layout.__dict__.get("__doc__")
    behind = False  # whether a field of variable length precedes
    fields: list[FieldDescription] = []
    for name, field in layout.fixture_fields().items():
        default = flow_yaml(field.codec.to_json(field.default))
        offset = None if behind else field.offset
        fields.append(FieldDescription(name, offset, type_text(field.codec), default))
        behind = behind or field.codec.size is None
    return LayoutDescription(
        program=program.name,
        name=layout.layout_name,
        doc=inspect.cleandoc(own_doc or ""),
        size=layout.layout_size,
        fixed=layout.layout_fixed,
        discriminator=layout.discriminator.hex(),
        fields=tuple(fields),
    )


def _error(program: ProgramTraits, error: Errors) -> ErrorDescription:
    own = program.errors is not None and isinstance(error, program.errors)
    return ErrorDescription(program.name if own else None, error.name, error.code, error.message)


def _errors_of(spec: InstructionTraits) -> Iterator[Errors]:
    """The program's own errors by code, then the runtime's, each once."""
    program = spec.program
    found = {error for error in (program.invalid_data,) if spec.tag or spec.arguments}
    if spec.account_count_min:
        found.add(program.too_few_accounts)
    for account in spec.accounts:
        found |= set(_errors_of_account(account))
    for scope, name in _attributes_named(spec):
        errors = InstructionErrors if scope == InstructionErrors.__name__ else program.errors
        error = None if errors is None else errors.__members__.get(str(name))
        if error is not None:
            found.add(error)
    return iter(sorted(found, key=lambda error: (not _is_own(program, error), error.code)))


def _attributes_named(spec: InstructionTraits) -> Iterator[tuple[object, object]]:
    """Every `name.attribute` in the code that the handler can reach."""
    for code in reachable_code(spec.handler):
        yield from pairwise(step.argval for step in dis.get_instructions(code))


def _is_own(program: ProgramTraits, error: Errors) -> bool:
    return program.errors is not None and isinstance(error, program.errors)


def _errors_of_account(account: AccountParameter) -> Iterator[Errors]:
    if account.signer:
        yield InstructionErrors.MissingRequiredSignature
    if account.view_type.requires_executable:
        yield InstructionErrors.AccountNotExecutable
    if account.owner is not None:
        yield account.owner.error
        yield InstructionErrors.InvalidAccountData
    yield from (mark.error for mark in account.constraints)


def _example(spec: InstructionTraits) -> str:
    """A call as an item of `instructions`, with everything required and nothing else."""
    values: dict[str, Any] = {p.name: p.name for p in spec.accounts if not p.dispensable}
    values |= {p.name: example_value(p.codec) for p in spec.arguments if not p.dispensable}
    return f"- {spec.full_name}: {flow_yaml(values)}"
