"""The `accounts` of a fixture, checked."""

from __future__ import annotations

from typing import Final

from ..primitives import Pubkey
from .document import Misfit, Value, shown
from .fixture import AccountData, AccountSpec, LayoutData
from .values import any_mapping, at, boolean, dotted, field, integer, mapping, name, raw_bytes

ACCOUNT_KEYS: Final = ("lamports", "owner", "data", "executable")


def read_accounts(value: Value) -> dict[str, AccountSpec]:
    """Accounts by name, in file order. Two names of one key are refused."""
    given = any_mapping(value)
    accounts: dict[str, AccountSpec] = {}
    names_of: dict[Pubkey, str] = {}
    for key in given:
        word = at(key, name, key)
        first = names_of.setdefault(Pubkey.of(word), word)
        if first != word:
            raise Misfit(f"this is the same account as '{shown(first)}'; keep one of the two", key)
        accounts[word] = at(key, _account, given[key])
    return accounts


def _account(value: Value) -> AccountSpec:
    fields = {} if value is None else mapping(value, ACCOUNT_KEYS)
    return AccountSpec(
        lamports=field(fields, "lamports", integer, 0),
        owner=field(fields, "owner", name, "system"),
        data=field(fields, "data", _data, None),
        executable=field(fields, "executable", boolean, False),
    )


def _data(value: Value) -> AccountData | None:
    return None if value is None else read_data(value, needs_layout=True)


def read_data(value: Value, *, needs_layout: bool) -> AccountData:
    """`"hex:…"`, `"base64:…"` or the fields of a layout."""
    if not isinstance(value, dict):
        return raw_bytes(value)
    fields = dict(value)
    layout = fields.pop("layout", None)
    if layout is None and not needs_layout:
        return LayoutData(None, None, fields)
    if "layout" not in value:
        raise Misfit("the key 'layout' is missing; add `layout: program.Layout`")
    program, layout_name = at("layout", dotted, layout)
    return LayoutData(program, layout_name, fields)
