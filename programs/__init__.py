"""Write programs with this, and find the ones everybody knows under `programs.library`.

>>> from sealane.programs import Layout, Mut, Program, u64
>>> class Count(Layout):
...     total: u64
>>> counter = Program("tally", layouts=[Count])
>>> @counter.instruction(tag=0)
... def add(count: Mut[Count], by: u64) -> None:
...     count.total += by
>>> add(count="mine", by=2).data.hex()
'000200000000000000'
"""

from . import kit
from .kit import *  # noqa: F403 - the kit's face is this package's face

__all__ = [*kit.__all__, "builtin_programs"]  # pyright: ignore[reportUnsupportedDunderAll]


def builtin_programs() -> tuple[kit.Program, ...]:
    """The programs that every runtime knows. Imported when asked for: writing one needs none."""
    from .library import BUILTIN_PROGRAMS

    return BUILTIN_PROGRAMS


def __dir__() -> list[str]:
    """What is public, for completion; the library is a package of its own."""
    return sorted([*__all__, "library"])
