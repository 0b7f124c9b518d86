"""Which programs of this process list a layout as one of theirs.

Most of it is for tools only: the default owner in a test, the name of a layout in a report. What a
transaction does must not depend on which modules were imported, and in what order. It may depend
on programs made in the layout's own module, which has run wherever the layout exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from weakref import WeakKeyDictionary

from ....primitives import Pubkey

Names = dict[Pubkey, str]
_listed: WeakKeyDictionary[type, Names] = WeakKeyDictionary()
_listed_at_home: WeakKeyDictionary[type, Names] = WeakKeyDictionary()


def register_layouts(layouts: Iterable[type], name: str, program_id: Pubkey, module: str) -> None:
    """Remember that this program, made in `module`, lists these layouts."""
    for layout in layouts:
        _listed.setdefault(layout, {})[program_id] = name
        if layout.__module__ == module:
            _listed_at_home.setdefault(layout, {})[program_id] = name


def programs_listing(layout: type) -> Mapping[Pubkey, str]:
    """Names of the programs that list the layout, by id."""
    return _listed.get(layout, {})


def programs_at_home(layout: type) -> Mapping[Pubkey, str]:
    """Those of them that were made in the module that declares the layout."""
    return _listed_at_home.get(layout, {})
