"""The tree of resource types, held to upstream's."""

from __future__ import annotations

from sealane.ingest.sei.resource_tree import ANY, RESOURCES, RESOURCES_BY_NUMBER

from .sei_data import sei_document

FORGOTTEN = ["KV_CT", "KV_CT_ACCOUNT"]  # types with a number and no place in upstream's tree


def test_numbers_are_those_of_the_protobuf_enum() -> None:
    assert {name: each.number for name, each in RESOURCES.items()} == sei_document("resource_tree")[
        "enum"
    ]
    assert len(RESOURCES_BY_NUMBER) == len(RESOURCES)


def test_parents_and_children_are_upstreams() -> None:
    document = sei_document("resource_tree")
    assert document["enum_without_tree_node"] == FORGOTTEN
    ours = {
        name: {
            "parent": (each.parent or ANY).name,
            "children": [child.name for child in each.children if child.name not in FORGOTTEN],
        }
        for name, each in RESOURCES.items()
        if name not in FORGOTTEN
    }
    assert ours == document["tree"]


def test_a_type_is_related_to_those_above_and_below_it() -> None:
    bank, balances, kv = (RESOURCES[name] for name in ("KV_BANK", "KV_BANK_BALANCES", "KV"))
    assert [each.name for each in balances.ancestors] == ["KV_BANK", "KV", "ANY"]
    assert bank.is_related(balances)
    assert balances.is_related(bank)
    assert bank.is_related(bank)
    assert bank.is_related(kv)
    assert not balances.is_related(RESOURCES["KV_BANK_SUPPLY"])
    assert not bank.is_related(RESOURCES["Mem"])


def test_everything_lies_below_any() -> None:
    assert {each.name for each in ANY.descendants()} == set(RESOURCES) - {"ANY"}
    assert [RESOURCES[name].ancestors[0].name for name in FORGOTTEN] == ["KV", "KV_CT"]
