"""Encodes calls and layouts given by name, with the program's own codecs.

Every failure is a ValidationError that points to the offending argument or field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ...primitives import InputError, Instruction, ProgramFailure, Pubkey
from ...programs.kit import InstructionSpec, Layout, Program
from ...programs.kit.encoding.codec import Codec
from ...programs.kit.program.program_set import ProgramSet
from ..files.document import ValidationError, Value, shown
from ..files.values import suggestion
from ..fixture.model import Call, LayoutData

Resolve = Callable[[str], Pubkey]


def known_program(name: str, programs: ProgramSet) -> Program:
    program = programs.named(name)
    if program is None:
        raise ValidationError(
            f"no program is called '{shown(name)}' (your own needs --program module:attribute)"
            f"{suggestion(name, programs.names())}"
        )
    return program


def build_call(call: Call, programs: ProgramSet, resolve: Resolve) -> Instruction:
    """The instruction for a call by name."""
    program = known_program(call.program, programs)
    spec = program.instructions.get(call.instruction)
    if spec is None:
        raise ValidationError(
            f"the program {call.program} has no instruction '{shown(call.instruction)}'"
            f"{suggestion(call.instruction, program.instructions)}"
        )
    try:
        return spec.from_json(call.arguments, resolve)
    except (InputError, ProgramFailure, ValueError) as error:
        pointed = (f"{call.program}.{call.instruction}",)
        raise _call_error(spec, call.arguments, resolve, error).under(*pointed) from error


def build_layout(data: LayoutData, programs: ProgramSet, resolve: Resolve) -> Layout:
    """The layout value for account data that names its `program` and `layout`."""
    layout = known_layout(data, programs)
    try:
        return layout.from_json(data.fields, resolve)
    except (InputError, ProgramFailure, ValueError) as error:
        fields = layout.fixture_fields()
        check_keys(data.fields, fields, layout.layout_name)
        codecs = {key: fields[key].codec for key in data.fields}
        raise _value_error(codecs, data.fields, resolve, error) from error


def known_layout(data: LayoutData, programs: ProgramSet) -> type[Layout]:
    """The layout that data names. Raises ValidationError under its `layout`."""
    try:
        program = known_program(data.program or "", programs)
        layout = program.layouts.get(data.layout or "")
        if layout is None:
            raise ValidationError(
                f"the program {program.name} has no layout '{shown(data.layout or '')}'"
                f"{suggestion(data.layout or '', program.layouts)}"
            )
    except ValidationError as invalid:
        raise invalid.under("layout") from None
    return layout


def check_keys(values: Iterable[str], known: Mapping[str, object], what: str) -> None:
    for key in values:
        if key not in known:
            raise ValidationError(f"{what} has no '{shown(key)}'{suggestion(key, known)}", key)


def _call_error(
    spec: InstructionSpec, values: Mapping[str, Value], resolve: Resolve, error: Exception
) -> ValidationError:
    accounts = {parameter.name: parameter for parameter in spec.accounts}
    arguments = {parameter.name: parameter.codec for parameter in spec.arguments}
    try:
        check_keys(values, {**accounts, **arguments}, spec.full_name)
    except ValidationError as invalid:
        return invalid
    for key, parameter in accounts.items():
        value = values.get(key)
        named = value if parameter.variadic and isinstance(value, list) else [value]
        if key in values and not all(isinstance(word, str) for word in named):
            return ValidationError("expected the name of an account; write a name or base58", key)
    codecs = {key: codec for key, codec in arguments.items() if key in values}
    return _value_error(codecs, values, resolve, error)


def _value_error(
    codecs: Mapping[str, Codec], values: Mapping[str, Value], resolve: Resolve, error: Exception
) -> ValidationError:
    """A ValidationError for the first value that its codec refuses; `error` itself if none does."""
    for key, codec in codecs.items():
        try:
            codec.encode(codec.from_json(values[key], resolve))
        except (InputError, ProgramFailure, ValueError) as cause:
            return ValidationError(message_of(cause), key)
    return ValidationError(message_of(error))


def message_of(error: Exception) -> str:
    if isinstance(error, InputError):
        return error.message
    return error.detail if isinstance(error, ProgramFailure) else str(error)
