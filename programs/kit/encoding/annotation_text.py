"""Annotations as their author wrote them: `Mut[Vault]`, `u64`, `Signer | None`.

Python's own text for them shows marks as objects, with addresses.
"""

from __future__ import annotations

import types
from typing import Annotated, Any, Union, get_args, get_origin

from .codec import Codec
from .marks import Added, Argument, OptionTag, Writable
from .scalar_codecs import IntCodec

_MARKED = {Writable: "Mut", Argument: "Arg"}


def annotation_text(annotation: Any) -> str:
    """The annotation in words; never with the address of an object."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *marks = get_args(annotation)
        return _annotated(inner, marks)
    if origin in (Union, types.UnionType):
        return " | ".join(annotation_text(each) for each in get_args(annotation))
    if origin is not None:
        inside = ", ".join(annotation_text(each) for each in get_args(annotation))
        return f"{annotation_text(origin)}[{inside}]"
    if annotation is type(None):
        return "None"
    return getattr(annotation, "__name__", None) or f"a {type(annotation).__name__}"


def _annotated(inner: Any, marks: list[Any]) -> str:
    text = annotation_text(inner)
    others: list[str] = []
    added = [mark for mark in marks if isinstance(mark, Added)]
    if added:  # which includes that it is writable
        text = f"{'Credits' if added[0].by_rule else 'Adds'}[{text}]"
        marks = [mark for mark in marks if not isinstance(mark, (Added, Writable))]
    for mark in marks:
        if isinstance(mark, IntCodec):
            text = mark.name
        elif isinstance(mark, OptionTag):
            some = text.removesuffix(" | None")
            text = f"COption[{some}]" if mark.fixed_size else f"Option[{some}]"
        elif type(mark) in _MARKED:
            text = f"{_MARKED[type(mark)]}[{text}]"
        elif not isinstance(mark, Codec):
            others.append(type(mark).__name__ + "(…)")
    return f"Annotated[{', '.join([text, *others])}]" if others else text
