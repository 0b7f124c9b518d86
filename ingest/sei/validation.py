"""The rules that Sei has for the operations of a dependency mapping.

Source: sei-cosmos @62bafe89, x/accesscontrol/types/message_dependency_mapping.go.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...primitives import InputError
from .operations import COMMIT, EVERY, Operation


def check_operations(operations: Sequence[Operation], place: str) -> None:
    """Raise InputError, naming place, operation and rule, if a message may not declare these."""
    check_last(operations, place)
    for index, operation in enumerate(operations):
        check_operation(operation, f"{place}: operation {index} ({operation})")


def check_last(operations: Sequence[Operation], place: str) -> None:
    """Raise InputError if the last operation is not a commit of everything."""
    if not operations:
        raise InputError(f"{place}: no operations; the last one must be '{COMMIT}'")
    last = operations[-1]
    if last != COMMIT:
        raise InputError(
            f"{place}: operation {len(operations) - 1} ({last}) is the last one, which must be "
            f"'{COMMIT}'"
        )


def check_operation(operation: Operation, place: str) -> None:
    """Raise InputError if an identifier is empty, or narrower than its resource type allows."""
    if not operation.identifier:
        raise InputError(f"{place}: the identifier must not be empty; '*' stands for every one")
    if operation.resource.children and operation.identifier != EVERY:
        below = operation.resource.children[0].name
        raise InputError(
            f"{place}: {operation.resource.name} has types below it, so its identifier must be "
            f"'*'; name one of those types instead, such as {below}"
        )
