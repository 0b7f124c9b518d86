"""Access lists in which accounts that are only added to are ordered more strictly.

Guarantees: whatever conflicts still conflicts, so a plan for these lists is one for the given ones.
"""

from __future__ import annotations

from dataclasses import replace

from .access import AccessLists


def adds_as_writes(access: AccessLists) -> AccessLists:
    """The same accesses, with every add as a write: adds to one account run in block order."""
    if access.adds is None:
        return access
    return replace(access, writes=access.writes | access.adds, adds=None)
