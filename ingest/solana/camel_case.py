"""Converts keys in snake_case to the spelling of JSON-RPC.

Serialisers of Rust and Python types write `previous_blockhash` where a node writes
`previousBlockhash`; nothing else differs.
"""

from __future__ import annotations

from typing import cast


def is_snake_cased(block: dict[str, object]) -> bool:
    return not block.keys().isdisjoint(("previous_blockhash", "parent_blockhash", "parent_slot"))


def to_camel_case(document: dict[str, object]) -> None:
    """Rename every key of the document, in place. Iterative, since answers may nest deeply."""
    pending: list[object] = [document]
    while pending:
        each = pending.pop()
        if isinstance(each, dict):
            fields = cast("dict[str, object]", each)
            for key in [key for key in fields if "_" in key]:
                fields.setdefault(_camel_cased(key), fields.pop(key))
            pending += fields.values()
        elif isinstance(each, list):
            pending += cast("list[object]", each)


def _camel_cased(key: str) -> str:
    first, *others = key.split("_")
    return first + "".join(map(str.title, others))
