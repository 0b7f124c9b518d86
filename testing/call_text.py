"""Formats recorded calls: `token.transfer(source=alice_usdc, …, amount=400)`, and as trees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any, Final, cast

from ..primitives import AccountMeta, Errors, InstructionErrors, ProgramFailure, Pubkey
from ..programs.kit import InstructionSpec
from ..runtime.svm.recorder import Call
from .names import KeyNames

_INDENT: Final = "  "
_VALUE_LEN_MAX: Final = 60


def call_tree(calls: Iterable[Call], names: KeyNames) -> Iterator[str]:
    """One line per call, with its log lines and nested calls indented below it."""
    for call in calls:
        yield f"{call_text(call, names)}: {_ending(call)}"
        for step in call.steps:
            lines = [step] if isinstance(step, str) else call_tree([step], names)
            yield from (_INDENT + line for line in lines)


def call_name(call: Call) -> str:
    """`program.instruction`, or only the program if the data matches no instruction."""
    spec = spec_of(call)
    return call.program.name if spec is None else spec.full_name


def call_text(call: Call, names: KeyNames) -> str:
    """The call as it would be written, with accounts by name."""
    spec = spec_of(call)
    if spec is None:
        accounts = ", ".join(names.of(meta.key) for meta in call.accounts)
        return f"{call.program.name}(data={call.data.hex() or 'none'}, accounts=[{accounts}])"
    given = {name: _keys_text(keys, names) for name, keys in account_keys(call).items()}
    given |= _arguments(call, spec, names)
    return f"{spec.full_name}({', '.join(f'{name}={text}' for name, text in given.items())})"


def spec_of(call: Call) -> InstructionSpec | None:
    """The instruction that the call's data selects, if any."""
    try:
        return call.program.instruction_for(call.data)
    except ProgramFailure:
        return None


def account_keys(call: Call) -> dict[str, list[Pubkey]]:
    """The call's keys by parameter; further ones under `more`."""
    spec = spec_of(call)
    keys: dict[str, list[Pubkey]] = {}
    left: list[AccountMeta] = list(call.accounts)
    for parameter in () if spec is None else spec.accounts:
        count = len(left) if parameter.variadic else 1
        taken, left = left[:count], left[count:]
        keys[parameter.name] = [
            meta.key for meta in taken if not (parameter.optional and meta.key == call.program.id)
        ]
    if left:
        keys["more"] = [meta.key for meta in left]
    return keys


def failed_call(calls: Iterable[Call]) -> Call | None:
    """The innermost call in which the failure occurred."""
    failed: Call | None = None
    below = list(calls)
    while below and below[-1].error is not None:
        failed = below[-1]
        below = failed.calls
    return failed


def error_text(program: str | None, error: str) -> str:
    """The error as named in fixtures: `token.InsufficientFunds`; the runtime's without a prefix."""
    return error if program is None else f"{program}.{error}"


def _ending(call: Call) -> str:
    units = f"{call.compute_units:,} units"
    if call.error is None:
        return f"ok, {units}"
    if failed_call([call]) is not call:
        return f"failed, {units}"
    return f"failed with {_named(call, call.error)}, {units}"


def _named(call: Call, error: Errors) -> str:
    own = type(error).__module__ == InstructionErrors.__module__
    return error_text(None if own else call.program.name, error.name)


def _keys_text(keys: list[Pubkey], names: KeyNames) -> str:
    if len(keys) == 1:
        return names.of(keys[0])
    return f"[{', '.join(map(names.of, keys))}]" if keys else "None"


def _arguments(call: Call, spec: InstructionSpec, names: KeyNames) -> dict[str, str]:
    texts: dict[str, str] = {}
    offset = len(spec.tag)
    for parameter in spec.arguments:
        if offset == len(call.data) and parameter.has_default:
            texts[parameter.name] = _value_text(parameter.default, names)
            continue
        try:
            value, offset = parameter.codec.decode(call.data, offset)
        except ProgramFailure:
            return texts | {parameter.name: f"<undecodable: {call.data[offset:].hex() or 'none'}>"}
        texts[parameter.name] = _value_text(value, names)
    return texts


def _value_text(value: Any, names: KeyNames) -> str:
    if isinstance(value, Pubkey):
        text = names.of(value)
    elif isinstance(value, list):
        text = f"[{', '.join(_value_text(item, names) for item in cast(list[Any], value))}]"
    elif isinstance(value, Enum):
        text = value.name
    elif isinstance(value, (bytes, bytearray)):
        text = value.hex() or "none"
    else:
        text = repr(value)
    return text if len(text) <= _VALUE_LEN_MAX else f"{text[: _VALUE_LEN_MAX - 1]}…"
