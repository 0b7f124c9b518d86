"""Where the fields of a layout lie: packed in the order of declaration, or where marks put them.

Guarantees: no two fields share a byte, none lies where the discriminator does, and those of varying
length come last. Does not: read or write any; see fields.py.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, get_args, get_type_hints

from ....primitives import DefinitionError, ProgramFailure
from ..encoding.codec import Codec
from ..encoding.types import At, Name, codec_of
from .fields import LayoutField, TailField, fixed_field

_UNSET = object()


class Placement(NamedTuple):
    """Fields by name, their names by what fixtures call them, and the bytes of the fixed part."""

    fields: dict[str, LayoutField]
    names: dict[str, str]
    size: int

    @property
    def varying(self) -> list[Codec]:
        """The codecs of the fields whose length varies, in their order."""
        return [field.codec for field in self.fields.values() if field.codec.size is None]


class DeclaredField(NamedTuple):
    """An annotated name of a class. `default` is _UNSET where none is given."""

    name: str
    annotation: Any
    default: Any


def require_room(inherited: Iterable[LayoutField], discriminator: bytes, where: str) -> None:
    """Raise DefinitionError if inherited fields lie where the discriminator belongs."""
    starts = [field.offset for field in inherited]
    if min(starts, default=len(discriminator)) < len(discriminator):
        raise DefinitionError(
            f"{where}: inherited fields lie where its discriminator belongs; give the base a "
            "discriminator of this length, or nest it as a field"
        )


def declared_fields(
    cls: type, where: str, scope: Mapping[str, Any], base: type
) -> Iterator[DeclaredField]:
    """The fields that a class itself declares. Raises DefinitionError for names that `base` has."""
    for name, annotation in _annotations(cls, where, scope).items():
        if hasattr(base, name) or name.startswith("__"):
            raise DefinitionError(
                f"{where}.{name}: every layout has {name!r}; rename the field, and call it "
                f'Name("{name}") if fixtures should know it so'
            )
        yield DeclaredField(name, annotation, cls.__dict__.get(name, _UNSET))


def place_fields(
    inherited: Placement,
    declared: Iterable[DeclaredField],
    discriminator: bytes,
    size: int | None,
    where: str,
) -> Placement:
    """Assign every field its offset. Raises DefinitionError with field and remedy."""
    fields, names = dict(inherited.fields), dict(inherited.names)
    offset = max(len(discriminator), inherited.size)
    varying = inherited.varying
    for name, annotation, default in declared:
        place = f"{where}.{name}"
        codec = codec_of(annotation, place)
        shown = _name_in_fixtures(annotation, name)
        if shown in names:
            raise DefinitionError(f"{place}: fixtures know {names[shown]!r} as {shown!r}")
        names[shown] = name
        offset = _placed(annotation, offset, place)
        if codec.size is None:
            fields[name] = TailField(name, codec, offset, tuple(varying))
            varying.append(codec)
        elif varying:
            raise DefinitionError(
                f"{place}: stands behind a field of varying length; move it before"
            )
        else:
            fields[name] = fixed_field(name, codec, offset)
            offset += codec.size
        if default is not _UNSET:
            _take_default(fields[name], default, place)
    if size is not None and varying:
        raise DefinitionError(f"{where}: size={size}, but it has a field of varying length")
    if size is not None and size < offset:
        raise DefinitionError(f"{where}: size={size}, but its fields take {offset} bytes")
    return Placement(fields, names, offset if size is None else size)


def _take_default(field: LayoutField, default: Any, where: str) -> None:
    try:
        # A copy: what is declared may be a list that somebody changes later.
        field.default = field.codec.decode(field.codec.encode(default), 0)[0]
    except ProgramFailure as error:
        raise DefinitionError(f"{where}: its default does not fit: {error.detail}") from error


def _annotations(cls: type, where: str, scope: Mapping[str, Any]) -> dict[str, Any]:
    own = inspect.get_annotations(cls)
    try:
        hints = get_type_hints(cls, localns=dict(scope), include_extras=True)
    except NameError as error:
        raise DefinitionError(f"{where}: {error}; import the type at the top level") from error
    return {name: hints[name] for name in own if "ClassVar" not in str(own[name])}


def _placed(annotation: Any, offset: int, where: str) -> int:
    for mark in get_args(annotation):
        if isinstance(mark, At):
            if mark.offset < offset:
                raise DefinitionError(f"{where}: At({mark.offset}), but {offset} bytes are taken")
            return mark.offset
    return offset


def _name_in_fixtures(annotation: Any, name: str) -> str:
    for mark in get_args(annotation):
        if isinstance(mark, Name):
            return mark.text
    return name
