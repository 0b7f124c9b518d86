"""Random operations on few resources, so that many of them meet."""

from __future__ import annotations

from hypothesis import strategies as st

from sealane.ingest.sei.operation_graph import OperationNode
from sealane.ingest.sei.operations import COMMIT, Access, Operation
from sealane.ingest.sei.resource_tree import RESOURCES

NAMES = ["ANY", "KV", "Mem", "KV_BANK", "KV_BANK_BALANCES", "KV_BANK_SUPPLY", "KV_EVM", "KV_EPOCH"]

operations = st.builds(
    Operation,
    st.sampled_from([Access.READ, Access.WRITE, Access.UNKNOWN]),
    st.sampled_from([RESOURCES[name] for name in NAMES]),
    st.sampled_from(["*", "a", "b", "a/b"]),
)
messages = st.lists(operations | st.just(COMMIT), max_size=4)


@st.composite
def blocks(draw: st.DrawFn) -> list[OperationNode]:
    """Transactions of messages, some of which end with a commit, some with several."""
    nodes: list[OperationNode] = []
    for position, transaction in enumerate(draw(st.lists(st.lists(messages, max_size=3)))):
        for message, listed in enumerate(transaction, draw(st.sampled_from([0, -1]))):
            nodes += [OperationNode(position, message, each) for each in listed]
    return nodes
