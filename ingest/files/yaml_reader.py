"""Strict YAML as events: the JSON data model and nothing else.

Plain scalars are read by YAML 1.2's core schema: only `true` and `false` are booleans, only `null`
and `~` are null, only plain decimal digits (with `_` between them) are integers. So `yes`, `010`,
`+1`, `0x10` and `1:30` are text, which the fixture's checks refuse where a number belongs. Refused
here: tags, anchors and aliases, merge keys, floats, keys that are not text, a second document.
Built on PyYAML's event parser, which does not recurse, so deep nesting cannot exhaust the stack.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NoReturn, cast

import yaml

from ...primitives import InputError
from ...primitives.literals import INTEGER, INTEGER_DIGITS_MAX
from .document import (
    DEPTH_MAX,
    Document,
    Event,
    EventType,
    Value,
    build,
    locate,
    shown,
    too_deep,
    too_many_digits,
    too_many_values,
)

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is ten times faster
# Keys included. At two microseconds each, six seconds of reading.
YAML_VALUES_MAX: Final = 3_000_000
_OPENING: Final = (EventType.MAPPING, EventType.SEQUENCE)
_OWN_TAGS: Final = "tag:yaml.org,2002:"  # what `!!` expands to
_FLOAT: Final = re.compile(
    r"[-+]?(?:(?:\.[0-9][0-9_]*|[0-9][0-9_]*\.[0-9_]*)(?:[eE][-+]?[0-9]+)?"
    r"|[0-9][0-9_]*[eE][-+]?[0-9]+|\.(?:inf|Inf|INF))|\.(?:nan|NaN|NAN)"
)
_WORDS: Final[dict[str, Value]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def read_yaml(raw: bytes, path: str) -> Document:
    """Parse one YAML document. Raises InputError with path and line."""
    try:
        value = build(yaml_events(raw, path), path)
    except InputError as error:
        if isinstance(error.__cause__, yaml.MarkedYAMLError):
            line = _too_deep_before(error.__cause__, raw, path)
            if line is not None:
                raise too_deep(path, line) from error
        raise
    return Document(path, value, lambda pointer: locate(yaml_events(raw, path), pointer))


def _too_deep_before(error: yaml.MarkedYAMLError, raw: bytes, path: str) -> int | None:
    """The line where the text before the error exceeds our own nesting limit, if it does.

    libyaml reads up to a line ahead of its events and, from 0.2.6 on (PyYAML 6.0.4), limits nesting
    itself, so its error may precede the events that would show the depth. Parsing the text cut off
    at the error yields those events.
    """
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return None
    before = raw.decode()[: mark.index].encode()
    depth = 0
    try:
        for token, _, line in yaml_events(before, path):
            depth += (token in _OPENING) - (token is EventType.END)
            if depth > DEPTH_MAX:
                return line
    except InputError:
        pass  # truncated text usually ends in an error
    return None


def yaml_events(raw: bytes, path: str) -> Iterator[Event]:
    """The document's events in order. Raises InputError at the first thing refused."""
    try:
        yield from _events(raw, path)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = ", ".join(part for part in (error.context, error.problem) if part)
        raise InputError(
            f"not valid YAML: {reason}; check indentation, brackets and quotes here",
            path=path,
            line=None if mark is None else mark.line + 1,
        ) from error
    except yaml.YAMLError as error:
        position = getattr(error, "position", 0)
        raise InputError(
            f"not valid YAML: {getattr(error, 'reason', error)}; remove that character",
            path=path,
            line=1 + raw.count(b"\n", 0, position),
        ) from error


def _events(raw: bytes, path: str) -> Iterator[Event]:
    awaits_key: list[bool | None] = [None]  # per open container; None: a sequence
    for event in _nodes(raw, path):
        line: int = event.start_mark.line + 1
        if isinstance(event, yaml.CollectionEndEvent):
            awaits_key.pop()
            yield EventType.END, None, line
            awaits_key[-1] = _flipped(awaits_key[-1])
            continue
        is_key = awaits_key[-1] is True
        if isinstance(event, yaml.ScalarEvent):
            yield _scalar(event, path, line, is_key=is_key)
            awaits_key[-1] = _flipped(awaits_key[-1])
            continue
        if is_key:
            _refuse(event, path, "a key that is no text", "write a name before the colon")
        opens_mapping = isinstance(event, yaml.MappingStartEvent)
        awaits_key.append(True if opens_mapping else None)
        yield EventType.MAPPING if opens_mapping else EventType.SEQUENCE, None, line


def _flipped(awaits_key: bool | None) -> bool | None:
    """Toggle between key and value in a mapping."""
    return None if awaits_key is None else not awaits_key


def _nodes(raw: bytes, path: str) -> Iterator[yaml.Event]:
    """The content events of the only document, checked to have no tags, anchors or aliases."""
    documents = values = 0
    for event in _parse(raw):
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                _refuse(event, path, "a second document", "put it into a file of its own")
        elif isinstance(event, yaml.AliasEvent):
            _refuse(event, path, f"the alias *{shown(str(event.anchor))}", "write the value out")
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            if event.anchor is not None:
                _refuse(event, path, f"the anchor &{shown(str(event.anchor))}", "remove it")
            if event.tag is not None:
                tag = str(event.tag).replace(_OWN_TAGS, "!!", 1)
                _refuse(event, path, f"the tag {shown(tag)}", "remove it")
            values += 1
            if values > YAML_VALUES_MAX:
                raise too_many_values(path, YAML_VALUES_MAX, event.start_mark.line + 1)
            yield event
        elif isinstance(event, yaml.CollectionEndEvent):
            yield event


def _parse(raw: bytes) -> Iterator[yaml.Event]:
    parse = cast("Callable[..., Iterator[yaml.Event]]", yaml.parse)
    return parse(raw, Loader=_LOADER)


def _scalar(event: yaml.ScalarEvent, path: str, line: int, *, is_key: bool) -> Event:
    text: str = event.value
    plain: bool = event.implicit[0]
    if is_key:
        if plain and text == "<<":
            _refuse(event, path, "the merge key <<", "write the keys out")
        return EventType.KEY, text, line
    if not plain:
        return EventType.VALUE, text, line
    if text in _WORDS:
        return EventType.VALUE, _WORDS[text], line
    if INTEGER.fullmatch(text):
        digits = len(text) - text.count("_") - text.startswith("-")
        if digits > INTEGER_DIGITS_MAX:
            raise too_many_digits(path, line, digits)
        return EventType.VALUE, int(text), line
    if _FLOAT.fullmatch(text):
        return EventType.FLOAT, text, line
    return EventType.VALUE, text, line


def _refuse(event: yaml.Event, path: str, what: str, remedy: str) -> NoReturn:
    raise InputError(
        f"{what} is not read in fixtures; {remedy}",
        path=path,
        line=event.start_mark.line + 1,
    )
