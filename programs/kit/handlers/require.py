"""`require` and `fail`, by which a handler fails its transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, cast

from ....primitives import Errors, ProgramFailure, Pubkey
from ..accounts.account import UncheckedAccount
from ..columns.bool_column import BoolColumn


def require(
    condition: bool | BoolColumn,
    error: Errors,
    detail: str | Callable[[], str] = "",
    *,
    account: UncheckedAccount | None = None,
) -> None:
    """Fail the transaction with `error` unless `condition` holds.

    `detail` replaces the error's own message. As a function (`lambda: f"…"`) it is called only on
    failure, which matters in a handler that runs a million times.
    """
    if condition is True:
        return
    if isinstance(condition, BoolColumn):
        # A failing row is excluded from the batch: the scalar handler fails it, with all details.
        condition.rows.exclude(~condition.values)
    elif _always_holds(condition):
        raise TypeError(_why_always(condition))
    elif not condition:
        fail(error, detail if isinstance(detail, str) else detail(), account=account)


def fail(
    error: Errors, detail: str = "", *, account: UncheckedAccount | Pubkey | str | None = None
) -> NoReturn:
    """Fail the transaction with `error`; `detail` replaces the error's own message.

    `account` is the account concerned, as a view, a key or a name; the failure records its key.
    """
    if isinstance(account, UncheckedAccount):
        account = account.key
    elif isinstance(account, str):
        account = Pubkey.of(account)
    if isinstance(cast(object, error), Errors):
        raise ProgramFailure(error, detail, account=None if account is None else str(account))
    raise TypeError(
        f"a transaction fails with one of the program's Errors, like MyErrors.Name, not {error!r}"
    )


def _always_holds(condition: object) -> bool:
    """Whether a condition is always true because all values of its type are."""
    return isinstance(condition, Errors) or callable(condition)


def _why_always(condition: object) -> str:
    if isinstance(condition, Errors):
        return f"the condition comes first, then the error: write require(…, {condition})"
    name = getattr(condition, "__name__", type(condition).__name__)
    return f"the condition is {name} itself, which is always true: write {name}(…)"
