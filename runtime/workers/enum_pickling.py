"""Pickles enums by value, which dill cannot do, as the members refer back to their class.

Needed for programs that are defined in a script together with their errors and enums. An enum that
can be imported by name is left to dill. tests/house/test_private_parts.py says when a new
dill no longer has what is used here.
"""

from __future__ import annotations

import importlib
from enum import Enum, EnumMeta
from types import FunctionType
from typing import Any, Final, cast

import dill  # pyright: ignore[reportMissingTypeStubs]

# Attributes that the metaclass adds; the new class must not get them as if its author wrote them.
_MADE_BY_METACLASS: Final = {"__new__", "__reduce_ex__", "__reduce__", "_generate_next_value_"}


def register_enum_pickling() -> None:
    """Register the pickler with dill. Idempotent."""
    cast(Any, dill).register(EnumMeta)(_save_enum)


def _save_enum(pickler: Any, enum: type[Enum]) -> None:
    if _importable(enum):
        cast(Any, dill).Pickler.dispatch[type](pickler, enum)
        return
    members = [(name, member.value) for name, member in enum.__members__.items()]
    methods = {
        name: value
        for name, value in vars(enum).items()
        if isinstance(value, (FunctionType, property)) and name not in _MADE_BY_METACLASS
    }
    parts = (enum.__name__, enum.__bases__, members, methods, enum.__module__)
    pickler.save_reduce(remake_enum, parts, obj=enum)


def remake_enum(
    name: str,
    bases: tuple[type, ...],
    members: list[tuple[str, Any]],
    methods: dict[str, Any],
    module: str,
) -> type[Enum]:
    """Build the enum from its parts."""
    namespace: Any = EnumMeta.__prepare__(name, bases)
    namespace["__module__"] = module
    for key, value in [*members, *methods.items()]:
        if key not in namespace:
            namespace[key] = value
    return cast(type[Enum], EnumMeta(name, bases, namespace))


def _importable(enum: type[Enum]) -> bool:
    if enum.__module__ == "__main__" or "<locals>" in enum.__qualname__:
        return False
    try:
        found: Any = importlib.import_module(enum.__module__)
        for part in enum.__qualname__.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError):
        return False
    return found is enum
