"""Real transactions with odd values in them: a block is read, or refused with the place named."""

from __future__ import annotations

import copy
from contextlib import suppress
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sealane.ingest.solana.envelope import looks_like_block
from sealane.ingest.solana.getblock import read_block
from sealane.primitives import InputError

from ...real_data import ENCODINGS, INDEPENDENT, document

Json = dict[str, Any]
Place = tuple[str | int, ...]
PARTS = {
    # Two transactions of each form; the last file has ones of version 0.
    ENCODINGS[0]: slice(0, 2),
    ENCODINGS[1]: slice(2, 4),
    ENCODINGS[2]: slice(4, 6),
    INDEPENDENT: slice(-4, None),
}
ODD_VALUES: st.SearchStrategy[object] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**65), 2**65),
    st.floats(),
    st.text(max_size=50),
    st.sampled_from(["1" * 32, "legacy", "base58", [], {}, [[]], [None], [{}], {"a": 1}, 0, 1]),
)


@pytest.fixture(scope="module")
def mixed_block() -> Json:
    """One block of real transactions in every encoding."""
    block: Json = {}
    entries: list[Json] = []
    for path, part in PARTS.items():
        answer = document(path)
        block = answer.get("result", answer)
        entries += block["transactions"][part]
    return {**block, "transactions": entries}


def places(value: object, path: Place = ()) -> list[Place]:
    """Every place in a document that `read_block`, or reading its evidence, might look at."""
    found = [path] if path else []
    if isinstance(value, dict):
        for key, inner in cast("Json", value).items():
            if key not in ("logMessages", "rewards"):
                found += places(inner, (*path, key))
    elif isinstance(value, list):
        for position, inner in enumerate(cast("list[object]", value)):
            found += places(inner, (*path, position))
    return found


def change(document: Any, path: Place, value: object, *, drop: bool) -> None:
    """Set or drop one place, unless an earlier change took it away."""
    place = document
    try:
        for step in path[:-1]:
            place = place[step]
        if drop:
            del place[path[-1]]
        else:
            place[path[-1]] = value
    except (LookupError, TypeError):
        return


def refusal(document: Json) -> str | None:
    try:
        recorded = read_block(document)
    except InputError as error:
        return str(error)
    accesses = len(recorded.accounts)
    assert recorded.offsets[-1] == accesses == len(recorded.writable) == len(recorded.signer)
    assert len(recorded.pre) == len(recorded.post) == accesses
    assert len(recorded.ids) == len(recorded.offsets) - 1 == len(recorded.fee)
    for position in range(len(recorded.ids)):
        with suppress(InputError):
            recorded.shown(position)
    return None


def test_the_unchanged_mixed_block_is_valid(mixed_block: Json) -> None:
    assert refusal(mixed_block) is None


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_document_with_odd_values_is_read_or_refused(
    mixed_block: Json, data: st.DataObject
) -> None:
    document = copy.deepcopy(mixed_block)
    all_places = places(document)
    in_one_transaction = True
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(all_places))
        change(document, path, data.draw(ODD_VALUES), drop=data.draw(st.booleans()))
        in_one_transaction &= path[0] == "transactions" and len(path) > 1
    looks_like_block(document)
    complaint = refusal(document)
    if complaint is not None and in_one_transaction:
        assert complaint.startswith("transaction ")
