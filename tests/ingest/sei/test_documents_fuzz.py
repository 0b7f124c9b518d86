"""Documents with odd values in them: a block is read and linted, or refused in our own words."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, TypeAlias, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sealane
from sealane.analysis.lint import lint
from sealane.ingest.building.recording import AS_IT_STANDS, Recording
from sealane.ingest.sei.chain import SEI
from sealane.primitives import InputError, UsageError

from .sei_data import FILES, sei_document
from .sei_documents import ALICE, BOB, CONTRACT, ops, send, sends, wasm_op

Place: TypeAlias = "tuple[str | int, ...]"
ODD_VALUES: st.SearchStrategy[object] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**65), 2**65),
    st.floats(),
    st.text(max_size=50),
    st.sampled_from(["*", "WRITE", "KV", "sei1", [], {}, [[]], [None], [{}], {"a": 1}, 0, 1, 3]),
)


def mixed() -> Any:
    """A document with everything in it that is read."""
    reference = {"contract_address": "_sender", "message_type": "QUERY", "message_name": "q"}
    return {
        **sends((ALICE, BOB)),
        "height": 5,
        "mappings": [{"message": "m", "ops": [["READ", "KV", '"*"']], "commit_ops": 1}],
        "wasm_dependency_mappings": [
            {
                "contract_address": CONTRACT,
                "base_access_ops": [
                    wasm_op("WRITE KV_EPOCH %s", "JQ_BECH32_ADDRESS", ".send.to"),
                    wasm_op("WRITE KV_EVM_NONCE %s", "SENDER_LENGTH_PREFIXED_ADDRESS"),
                    wasm_op("COMMIT ANY *"),
                ],
                "base_contract_references": [reference],
                "execute_contract_references": [
                    {"message_name": "send", "contract_references": [reference]}
                ],
                "execute_access_ops": [
                    {"message_name": "send", "wasm_operations": [wasm_op("READ KV *")]}
                ],
            }
        ],
        "transactions": [
            {
                "id": "a",
                "gas_used": "7",
                "ante_access_ops": ops("READ KV *"),
                "messages": [send(ALICE, BOB) | {"events": [["read", "02", "bank"]]}],
            },
            {
                "tx": {"body": {"messages": [{"access_ops": ops("WRITE KV_EPOCH x")}]}},
                "logs": [
                    {
                        "msg_index": 0,
                        "events": [
                            {
                                "type": "resource_access",
                                "attributes": [
                                    {"key": "key", "value": "02"},
                                    {"key": "access_type", "value": "write"},
                                    {"key": "store_key", "value": "bank"},
                                ],
                            }
                        ],
                    }
                ],
            },
            {
                "messages": [
                    {
                        "@type": "/cosmwasm.wasm.v1.MsgExecuteContract",
                        "sender": ALICE,
                        "contract": CONTRACT,
                        "msg": {"send": {"to": BOB}},
                    }
                ]
            },
        ],
    }


def places(value: object, path: Place = ()) -> list[Place]:
    found = [path] if path else []
    if isinstance(value, dict):
        for key, inner in cast("dict[str, object]", value).items():
            found += places(inner, (*path, key))
    elif isinstance(value, list):
        for position, inner in enumerate(cast("list[object]", value)):
            found += places(inner, (*path, position))
    return found


def altered(document: Any, place: Place, value: object, *, removed: bool) -> Any:
    changed = copy.deepcopy(document)
    inner = changed
    for step in place[:-1]:
        inner = inner[step]
    if removed:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return changed


def read(document: object) -> None:
    """Read, plan and lint it; or see it refused in our own words."""
    recordings: Sequence[Recording] = []
    with suppress(InputError):
        recordings = SEI.read(document, AS_IT_STANDS) if SEI.recognises(document) else []
    for recording in recordings:
        described = recording.describe({})
        loaded = sealane.LoadedBlock(
            "here",
            described.block,
            {},
            recording.names,
            described.notes,
            described.select,
            is_recorded=True,
            about=described.about,
            chain=recording.chain,
            recorded=recording,
        )
        assert sum(map(len, loaded.schedule().waves)) == len(loaded)
        lint(loaded)


def test_the_whole_document_is_read() -> None:
    assert SEI.recognises(mixed())
    (recording,) = SEI.read(mixed(), AS_IT_STANDS)
    assert list(recording.ids) == ["a", "t1", "t2"]


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_an_odd_value_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    document = mixed()
    place = data.draw(st.sampled_from(places(document)))
    removed = data.draw(st.booleans())
    read(altered(document, place, data.draw(ODD_VALUES), removed=removed))


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_an_odd_value_in_a_real_file_is_read_or_refused(name: str, data: st.DataObject) -> None:
    document = sei_document(name)
    place = data.draw(st.sampled_from(places(document)))
    read(altered(document, place, data.draw(ODD_VALUES), removed=False))


def test_no_chain_but_seis_takes_seis_documents() -> None:
    from sealane.ingest.chains import chains

    for document in (mixed(), *map(sei_document, FILES)):
        assert [chain.name for chain in chains() if chain.recognises(document)] == ["sei"]


def test_deep_nesting_is_refused_before_anything_recurses() -> None:
    nested = b'{"chain": "sei", "transactions": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}"
    with pytest.raises(InputError, match="nested more than"):
        sealane.load(nested)
    deep = b"[" * 1_000 + b"]" * 1_000
    with pytest.raises((InputError, UsageError)):
        sealane.load(b'{"chain": "sei", "transactions": [{"messages": [%b]}]}' % deep)
