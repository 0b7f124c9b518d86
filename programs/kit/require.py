"""How a handler fails its transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from ...primitives import Errors, ProgramFailure
from .account import UncheckedAccount
from .columns import BoolColumn


def require(
    condition: bool | BoolColumn,
    error: Errors,
    detail: str | Callable[[], str] = "",
    *,
    account: UncheckedAccount | None = None,
) -> None:
    """Go on if `condition` holds, else fail the transaction with `error`.

    `detail` replaces the error's own message; as a function (`lambda: f"…"`) it is only made
    when it is needed, which matters in a handler that runs a million times.
    """
    if isinstance(condition, BoolColumn):
        # A failing row leaves the batch: the scalar handler will fail it, with every detail.
        condition.rows.leave(~condition.values)
    elif not condition:
        fail(error, detail if isinstance(detail, str) else detail(), account=account)


def fail(
    error: Errors, detail: str = "", *, account: UncheckedAccount | str | None = None
) -> NoReturn:
    """Fail the transaction with `error`; `detail` replaces the error's own message.

    `account` is the one concerned, as a view or by name.
    """
    name = account._name if isinstance(account, UncheckedAccount) else account  # pyright: ignore[reportPrivateUsage]
    raise ProgramFailure(error, detail, account=name)
