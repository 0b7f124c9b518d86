"""A layout over an account that holds nothing yet: all it can do is be initialised.

A new account's data is all zeros, which is no value of a layout with a discriminator. Reading it as
one would return zeros as if a program had written them.
"""

from __future__ import annotations

from functools import lru_cache
from types import new_class
from typing import Any, ClassVar, Final, NoReturn, Protocol

from ....primitives import InstructionErrors, ProgramFailure
from ..encoding.codec import Buffer
from .account import UncheckedAccount
from .fields import LayoutField

_KEPT: Final = 256


class Initializable(Protocol):
    """A layout, as far as its form for a new account needs it."""

    layout_name: ClassVar[str]
    layout_fields: ClassVar[dict[str, LayoutField]]

    def initialize(self, **values: Any) -> None: ...


def is_zeroed(data: Buffer) -> bool:
    """Whether the data is all zeros."""
    return data == bytes(len(data))


@lru_cache(maxsize=_KEPT)
def uninitialized_layout(layout: type[Initializable]) -> type[Initializable]:
    """This layout for an account that is not initialised; `initialize` makes it the layout itself.

    Its fields can be neither read nor written: UninitializedAccount.
    """

    def initialize(self: Initializable, **values: Any) -> None:
        layout.initialize(self, **values)
        self.__class__ = layout

    def described(self: Initializable) -> str:
        return f"<{layout.__name__}, not initialized>"

    names = layout.layout_fields
    members: dict[str, Any] = {name: _Unset(layout.layout_name, name) for name in names}
    # The class gets its fields ready-made, so it is not laid out again.
    members |= {"__slots__": (), "layout_fields": names, "layout_name": layout.layout_name}
    members |= {"initialize": initialize, "__repr__": described, "__module__": layout.__module__}
    return new_class(layout.__name__, (layout,), exec_body=lambda space: space.update(members))


class _Unset:
    """A field before the account is initialised."""

    def __init__(self, layout_name: str, name: str) -> None:
        self._layout_name = layout_name
        self._name = name

    def __get__(self, view: UncheckedAccount | None, owner: type[UncheckedAccount]) -> Any:
        return self if view is None else self._refuse(view)

    def __set__(self, view: UncheckedAccount, value: object) -> None:
        self._refuse(view)

    def _refuse(self, view: UncheckedAccount) -> NoReturn:
        name = view._name  # pyright: ignore[reportPrivateUsage]
        raise ProgramFailure(
            InstructionErrors.UninitializedAccount,
            f"{name!r} is no {self._layout_name} yet, so it has no {self._name!r}: call "
            "initialize(…) first",
            account=str(view.key),
        )
