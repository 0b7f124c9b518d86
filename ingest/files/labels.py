"""Labels: what people call accounts and programs, from a file that maps keys or names to them.

Guarantees: a label is one line that can be shown anywhere; every fault names file, line and remedy.
Does not: ask whether a block has what is labelled, so one file serves many blocks.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias, cast

from ...primitives import InputError, UsageError
from .document import Document, ValidationError, Value, shown
from .json_reader import read_json
from .opening import Source, open_input, source_name
from .reading import YAML_LEN_MAX, check_head, check_text
from .values import at, described, name
from .yaml_reader import read_yaml

LABEL_LEN_MAX: Final = 80  # longer ones would push the figures beside them off the screen
_JSON_START: Final = re.compile(rb"\s*\{\s*[\"}]")
_YAML_NAMES: Final = (".yaml", ".yml")
_FORM: Final = "a file of labels is a mapping, KEY: LABEL"

Labels: TypeAlias = "Mapping[str, str] | Source"


def read_labels(source: Source) -> dict[str, str]:
    """The labels in a YAML or JSON file, by name or key as it writes them. Raises InputError."""
    path = source_name(source)
    with open_input(source, len_max=YAML_LEN_MAX) as stream:
        raw = stream.read()
    if not raw.strip():
        raise InputError(f"the file is empty; {_FORM}", path=path)
    check_head(raw, path)
    check_text(raw, path)
    document = _parsed(raw, path)
    try:
        return _labels(document.value)
    except ValidationError as invalid:
        raise document.fault(invalid) from None


def read_label_files(paths: Iterable[str]) -> dict[str, str]:
    """The labels of several files; a later file overrides an earlier one. Raises InputError."""
    found: dict[str, str] = {}
    for path in paths:
        found |= read_labels(path)
    return found


def given_labels(labels: Labels | None) -> dict[str, str]:
    """Labels as a caller gives them: a mapping, or what `read_labels` takes.

    Raises InputError for a bad file, UsageError for a bad mapping.
    """
    if labels is None:
        return {}
    if not isinstance(labels, Mapping):
        return read_labels(labels)
    try:
        return _labels(cast("Value", dict(labels)))
    except ValidationError as invalid:
        raise UsageError(f"labels: {invalid}") from None


def _parsed(raw: bytes, path: str) -> Document:
    is_yaml = os.path.splitext(path)[1].lower() in _YAML_NAMES
    if _JSON_START.match(raw) and not is_yaml:
        return read_json(raw.decode(), path)
    return read_yaml(raw, path)


def _labels(value: Value) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValidationError(f"expected a mapping, found {described(value)}; {_FORM}")
    return {at(key, name, key): at(key, _label, label) for key, label in value.items()}


def _label(value: Value) -> str:
    if not isinstance(value, str):
        raise ValidationError(f"expected a label, found {described(value)}; write text, in quotes")
    label = value.strip()
    if not label:
        raise ValidationError("the label is empty; write one, or remove the line")
    if len(label) > LABEL_LEN_MAX:
        raise ValidationError(
            f"'{shown(label)}' has {len(label):,} characters; a label has at most {LABEL_LEN_MAX}"
        )
    if not label.isprintable():
        raise ValidationError(
            f"'{shown(label)}' has characters that cannot be printed; write it without them"
        )
    return label
