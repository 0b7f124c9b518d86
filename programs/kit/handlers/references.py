"""Checks that constraints refer to parameters and fields that exist and have a suitable type.

A wrong name would otherwise be noticed only when the instruction is called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import cast

from ....primitives import DefinitionError
from ..accounts.account import UncheckedAccount
from ..accounts.layout import Layout
from ..encoding.codec import Codec
from ..encoding.compound_codecs import OptionCodec
from ..encoding.scalar_codecs import (
    IntCodec,
    PubkeyCodec,
)
from .constraints import Constraint, Distinct, HasOne, Seeds
from .parameters import AccountParameter, ArgumentParameter, Parameter, is_layout

_Declared = Mapping[str, Parameter]


def check_references(parameters: Sequence[Parameter], where: str) -> None:
    """Raise DefinitionError, with `where`, for the first constraint that can never hold."""
    declared = {parameter.name: parameter for parameter in parameters}
    for parameter in parameters:
        if not isinstance(parameter, AccountParameter):
            continue
        for constraint in parameter.constraints:
            wrong = _wrong_name(constraint, declared) or _wrong_field(constraint, parameter)
            if isinstance(constraint, Seeds) and wrong is None:
                wrong = _wrong_bump(constraint, parameter, declared)
            if wrong is not None:
                kind = type(constraint).__name__
                raise DefinitionError(f"{where}: {kind} of {parameter.name!r} {wrong}")


def _wrong_name(constraint: Constraint, declared: _Declared) -> str | None:
    for name in constraint.refers_to:
        other = declared.get(name)
        if isinstance(other, ArgumentParameter) and isinstance(constraint, Seeds):
            continue
        if other is None:
            hint = _nearest(name, declared)
            if isinstance(constraint, Seeds):
                hint += f"; a literal seed is bytes: b{name!r}"
            return f"refers to {name!r}, which is no parameter{hint}"
        if not isinstance(other, AccountParameter):
            return f"refers to {name!r}, which is no account"
        if other.variadic and isinstance(constraint, (HasOne, Distinct, Seeds)):
            return f"refers to {name!r}, which is a list of accounts; it takes a single one"
    return None


def _wrong_field(constraint: Constraint, parameter: AccountParameter) -> str | None:
    """What is wrong with the field that a HasOne refers to."""
    if not isinstance(constraint, HasOne):
        return None
    field = constraint.field
    if not is_layout(parameter.view_type):
        return f"looks at the field {field!r}: give {parameter.name!r} a layout that has it"
    layout = cast(type[Layout], parameter.view_type)
    if field in layout.layout_fields:
        holds_key = _holds_key(layout.layout_fields[field].codec)
        return None if holds_key else f"looks at {field!r}, which holds no Pubkey"
    if hasattr(layout, field) and not hasattr(UncheckedAccount, field):
        return None  # a property of the layout
    return _no_field(layout, field, constraint.name)


def _no_field(layout: type[Layout], field: str, name: str) -> str:
    """The message for a field that a layout lacks, with the closest name."""
    keys = [key for key, found in layout.layout_fields.items() if _holds_key(found.codec)]
    own = layout.layout_names.get(field)
    near = own or next(iter(get_close_matches(field, keys, 1, 0.4)), keys[0] if keys else None)
    mend = f'; write HasOne("{name}", field="{near}")' if near else ""
    fields = ", ".join(layout.layout_fields) or "none"
    return f"looks at the field {field!r}, and {layout.__name__} has {fields}{mend}"


def _wrong_bump(seeds: Seeds, parameter: AccountParameter, declared: _Declared) -> str | None:
    """What is wrong with the name given as `bump`."""
    if seeds.bump is None:
        return None
    argument = declared.get(seeds.bump)
    codec: Codec | None = argument.codec if isinstance(argument, ArgumentParameter) else None
    if codec is None and is_layout(parameter.view_type):
        field = cast(type[Layout], parameter.view_type).layout_fields.get(seeds.bump)
        codec = None if field is None else field.codec
    if isinstance(codec, IntCodec):
        return None
    return f"takes its bump from {seeds.bump!r}, which is no integer argument and no such field"


def _holds_key(codec: Codec) -> bool:
    inner = codec.inner if isinstance(codec, OptionCodec) else codec
    return isinstance(inner, PubkeyCodec)


def _nearest(name: str, declared: _Declared) -> str:
    near = get_close_matches(name, declared, 1)
    return f"; is {near[0]!r} meant?" if near else ""
