"""A `__doc__` that differs between a class and its instances.

On the class it is the class's docstring; on an instance it is computed on access, as by help(),
pydoc and IPython, so that importing a program costs nothing for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class ShownDoc:
    """A descriptor for `__doc__`. `of_object` computes an instance's text."""

    def __init__(self, of_class: str | None, of_object: Callable[[Any], str]) -> None:
        self._of_class = of_class
        self._of_object = of_object

    def __get__(self, shown: Any, owner: type) -> str | None:
        del owner
        return self._of_class if shown is None else self._of_object(shown)
