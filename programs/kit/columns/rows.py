"""The rows of a batch call, and the base of columns: values that never pass for a single one.

Guarantees: any operation on a column gives, row by row, the scalar handler's answer, or the column
*refuses*: it excludes every row, so that the scalar handler decides, and raises a TypeError. The
rows stay excluded even if the handler catches the error. Does not: notice `is`, which calls no
method; see identity_checks.py.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, NoReturn, TypeVar

import numpy as np
from numpy.typing import NDArray

ColumnType = TypeVar("ColumnType", bound=type)

_RUNNING: Final[ContextVar[Rows | None]] = ContextVar("rows of the batch handler", default=None)
# Methods that create, fill and look up an object, but never use its value. And __getitem__: with
# it, a column would be a mapping to `text % column`, which would leave the text unchanged.
_NO_QUESTIONS: Final = frozenset(
    f"__{name}__"
    for name in (
        *("class", "class_getitem", "init_subclass", "new", "init", "subclasshook"),
        *("getattribute", "setattr", "delattr", "getitem"),
    )
)


class Rows:
    """The rows of one batch call. `excluded` bool[n]: rows to be executed one by one.

    `shared`: the function is also the scalar handler, so it must not use features of columns only.
    `make_layout`: makes a value of a layout for each row, from the layout and its fields by name.
    """

    __slots__ = ("count", "excluded", "make_layout", "shared")

    def __init__(self, count: int) -> None:
        self.count = count
        self.shared = False
        self.make_layout: Callable[[Any, Mapping[str, Any]], Any] | None = None
        self.excluded = np.zeros(count, dtype=np.bool_)

    def exclude(self, mask: NDArray[np.bool_] | np.bool_ | bool) -> None:
        """Exclude rows from the batch. Whatever is computed for them afterwards is ignored."""
        self.excluded |= mask

    def any_left(self, mask: NDArray[np.bool_]) -> bool:
        """Whether the mask has a row that is not excluded."""
        # To count is four times faster than `any`, for few rows.
        return bool(np.count_nonzero(mask)) and bool((mask & ~self.excluded).any())

    def refuse(self, what: str) -> TypeError:
        """Exclude all rows from the batch, and return the error to raise, which may be caught."""
        self.excluded[:] = True
        return TypeError(f"{what}; the scalar handler decides for every row")

    @contextmanager
    def running(self) -> Generator[None]:
        """Enter while a batch handler runs on these rows."""
        token = _RUNNING.set(self)
        try:
            yield
        finally:
            _RUNNING.reset(token)


def running_rows() -> Rows | None:
    """The rows of the running batch handler; None in a scalar handler."""
    return _RUNNING.get()


class Refusing(ABC):
    """Values of many rows, which refuse operations that have no single answer for all."""

    __slots__ = ()

    # numpy must not compute with columns itself: it would accept its own scalars.
    __array_ufunc__ = None

    @abstractmethod
    def _refuse(self, what: str) -> TypeError:
        """Exclude all rows from the batch, and return the error to raise."""

    @property
    def __class__(self) -> type:  # pyright: ignore[reportIncompatibleMethodOverride] - read only
        """Used by `isinstance` if the type itself does not match."""
        raise self._refuse("isinstance and __class__ see a column, not the values in it")

    def __array__(self, *arguments: object, **named: object) -> NoReturn:
        raise self._refuse("a column is no array; compute with its operators, or with its `values`")

    def __getattr__(self, name: str) -> Any:
        raise self._refuse(f"a column has no {name!r}")


class Column(Refusing):
    """One value for each row."""

    __slots__ = ("rows",)

    rows: Rows

    def _refuse(self, what: str) -> TypeError:
        return self.rows.refuse(what)


def stands_for(*types: type) -> Callable[[ColumnType], ColumnType]:
    """Make a column refuse every operation that these types support and the column does not."""

    def decorate(column: ColumnType) -> ColumnType:
        asked = {name for each in types for base in each.__mro__ for name in _answers(base)}
        answered = {name for base in column.__mro__[:-1] for name in _answers(base)}
        for name in sorted(asked - answered - _NO_QUESTIONS):
            setattr(column, name, _refusing(name))
        return column

    return decorate


def _answers(kind: type) -> set[str]:
    """The special methods of a type, without those set to None, as `__hash__` may be."""
    special = {name for name in vars(kind) if name.startswith("__") and name.endswith("__")}
    return {name for name in special if callable(vars(kind)[name])}


_REMEDIES: Final = {
    "__bool__": "a column has no single truth: use & | ~ instead of and/or/not, `select` instead "
    "of if, `require` or `only_where` on a comparison",
    "__float__": "no floats: they differ between machines",
    "__format__": "a column has no single text: give ctx.log a list of lines, made of `values`",
    "__repr__": "a column has no single text: print its `values`",
    "__str__": "a column has no single text: give ctx.log a list of lines, made of `values`",
}


def _refusing(name: str) -> Callable[..., NoReturn]:
    what = _REMEDIES.get(name, f"a column has no {name}: it holds a value for each row")

    def refuse(column: Any, *arguments: object, **named: object) -> NoReturn:
        del arguments, named
        raise column._refuse(what)

    refuse.__name__ = name
    return refuse


def read_only(values: NDArray[Any]) -> NDArray[Any]:
    """A read-only view of the values: handlers must not change what the runtime computed."""
    view = values.view()
    view.flags.writeable = False
    return view
