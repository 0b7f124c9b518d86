"""Operations as paths: two transactions conflict on paths exactly if their operations do."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given

from sealane.ingest.sei.block import Message, SeiBlock, SeiTransaction
from sealane.ingest.sei.operation_graph import OperationNode
from sealane.ingest.sei.operations import Operation, conflict
from sealane.ingest.sei.paths import NO_PARENT, PathColumns, path_columns
from sealane.ingest.sei.protobuf_json import operation_of
from sealane.scheduler.access import ADD, READ, WRITE

from .random_operations import blocks


def block_of(*transactions: str, governance: str | None = None) -> SeiBlock:
    """Of `WRITE KV a, COMMIT ANY *` for each transaction."""
    return SeiBlock(
        [
            SeiTransaction(
                f"t{n}",
                (Message(0, "", tuple(operation_of(o.split(" "), "") for o in text.split(", "))),),
            )
            for n, text in enumerate(transactions)
        ],
        governance=governance,
    )


def touched(columns: PathColumns) -> list[dict[str, int]]:
    """By transaction, the kind of access to each path."""
    kinds = [
        WRITE if write else ADD if add else READ
        for write, add in zip(columns.writes, columns.adds, strict=True)
    ]
    return [
        {columns.names[columns.accounts[row]]: kinds[row] for row in range(start, end)}
        for start, end in zip(columns.offsets[:-1], columns.offsets[1:], strict=True)
    ]


def tree(columns: PathColumns) -> dict[str, str | None]:
    return {
        name: None if parent == NO_PARENT else columns.names[parent]
        for name, parent in zip(columns.names, columns.parents.tolist(), strict=True)
    }


def test_a_type_is_a_path_and_so_is_each_identifier_below_it() -> None:
    columns = path_columns(
        block_of("WRITE KV_BANK_BALANCES a/b, READ KV_BANK *, COMMIT ANY *", "UNKNOWN Mem x")
    )
    assert touched(columns) == [
        {"KV_BANK_BALANCES/a/b": WRITE, "KV_BANK": READ},
        {"Mem/x": WRITE},
    ]
    assert tree(columns) == {
        "ANY": None,
        "KV": "ANY",
        "KV_BANK": "KV",
        "KV_BANK_BALANCES": "KV_BANK",
        "KV_BANK_BALANCES/a/b": "KV_BANK_BALANCES",
        "Mem": "ANY",
        "Mem/x": "Mem",
    }


def test_a_path_is_touched_once_and_as_strongly_as_ever() -> None:
    columns = path_columns(block_of("READ KV_EPOCH a, UNKNOWN KV_EPOCH a, READ KV_EPOCH a"))
    assert touched(columns) == [{"KV_EPOCH/a": WRITE}]


def test_an_identifier_above_other_types_meets_them_and_no_other_identifier() -> None:
    columns = path_columns(block_of("WRITE KV a", "READ KV b", "WRITE KV_EPOCH *"))
    assert touched(columns) == [
        {"KV/a": WRITE, "KV (written by identifier)": ADD},
        {"KV/b": READ, "KV (read by identifier)": READ},
        {
            "KV_EPOCH": WRITE,
            "KV (written by identifier)": READ,
            "KV (read by identifier)": ADD,
        },
    ]
    assert tree(columns)["KV (read by identifier)"] == "KV"


def test_identifiers_alone_need_no_more_paths() -> None:
    assert touched(path_columns(block_of("WRITE KV a", "READ ANY *"))) == [
        {"KV/a": WRITE},
        {"ANY": READ},
    ]


def test_a_block_in_sequence_writes_everything() -> None:
    columns = path_columns(block_of("READ KV a", "READ KV_EPOCH *", governance="t1"))
    assert touched(columns) == [{"ANY": WRITE}, {"ANY": WRITE}]


def test_a_block_of_nothing() -> None:
    columns = path_columns(block_of("COMMIT ANY *"))
    assert touched(columns) == [{}]
    assert columns.names == []


def _conflict_on_paths(columns: PathColumns, one: dict[str, int], other: dict[str, int]) -> bool:
    """Related paths conflict if the kinds differ, or both write."""
    above = tree(columns)

    def line(path: str | None) -> list[str]:
        return [] if path is None else [path, *line(above[path])]

    return any(
        (kind != kinds or kind == WRITE) and (path in line(paths) or paths in line(path))
        for path, kind in one.items()
        for paths, kinds in other.items()
    )


@given(blocks())
def test_transactions_conflict_on_paths_exactly_if_their_operations_do(
    nodes: list[OperationNode],
) -> None:
    operations: dict[int, list[Operation]] = {}
    for node in nodes:
        operations.setdefault(node.transaction, []).append(node.operation)
    block = SeiBlock(
        [SeiTransaction(f"t{n}", (Message(0, "", tuple(o)),)) for n, o in operations.items()]
    )
    columns = path_columns(block)
    of = dict(zip(operations, touched(columns), strict=True))
    for one, other in combinations(operations, 2):
        expected = any(conflict(a, b) for a in operations[one] for b in operations[other])
        assert _conflict_on_paths(columns, of[one], of[other]) == expected
