"""The ticks of a pool, from those tick arrays that an instruction names.

Steps of a swap end where those of the reference do: at a tick in use, or at the edge of a word of
256 ticks, of which each is four arrays. An array that the pool has and the instruction does not
name is refused when it is needed; one that the pool lacks has no tick in use.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ....kit import fail, require
from ..errors import ClmmError
from ..maths.tick_prices import TICK_MAX, TICK_MIN
from ..state import TICKS_PER_ARRAY, Tick, TickArray

WORD: Final = 256
SLOTS_AT: Final = TickArray.layout_fields["slots"].offset


def array_start(tick: int, spacing: int) -> int:
    """The first tick of the array in which a tick is.

    >>> array_start(-1, 60), array_start(3840, 60)
    (-3840, 3840)
    """
    return tick // (spacing * TICKS_PER_ARRAY) * spacing * TICKS_PER_ARRAY


def array_number(start: int, spacing: int) -> int:
    """The bit of a tick array in the pool's map, by its first tick."""
    span = spacing * TICKS_PER_ARRAY
    return start // span - TICK_MIN // span


def array_count(spacing: int) -> int:
    """How many tick arrays a pool of this spacing can have."""
    return array_number(array_start(TICK_MAX, spacing), spacing) + 1


def word_of(tick: int, spacing: int) -> int:
    """The word of the reference's bitmap in which a tick is; at its edges, steps end."""
    return tick // spacing // WORD


class TickArrays:
    """Ticks by number, in the arrays given. `present` has a bit for each array of the pool."""

    def __init__(self, arrays: Iterable[TickArray], spacing: int, present: int = -1) -> None:
        self._arrays = {array.start // spacing // TICKS_PER_ARRAY: array for array in arrays}
        self._spacing = spacing
        self._present = present
        self._lowest = TICK_MIN // (spacing * TICKS_PER_ARRAY)

    def copy(self) -> TickArrays:
        """The same ticks as values of their own, which may be changed without an account."""
        arrays = [TickArray.decode(bytes(array.data)) for array in self._arrays.values()]
        return TickArrays(arrays, self._spacing, self._present)

    def tick(self, index: int) -> Tick:
        """A copy of the tick, all zero if it is not in use. Fails with TickNotOnSpacing."""
        array, _, at = self._place(index)
        return Tick.decode(bytes(array.data[at : at + Tick.layout_size]))

    def put(self, index: int, tick: Tick) -> None:
        """Store the tick; without liquidity, it is cleared and no longer in use."""
        array, mask, at = self._place(index)
        used = tick.liquidity_gross > 0
        raw = tick.encode() if used else bytes(Tick.layout_size)
        array.data[at : at + len(raw)] = raw
        array.initialized = array.initialized | mask if used else array.initialized & ~mask

    def step_end(self, tick: int, zero_for_one: bool) -> tuple[int, bool]:
        """Where a step from `tick` ends, and whether that tick is in use.

        Fails with TickArrayMissing where an array not given decides it.
        """
        found = self.find_step_end(tick, zero_for_one)
        if found is None:
            fail(ClmmError.TickArrayMissing, f"the next array from tick {tick} is not given")
        return found

    def find_step_end(self, tick: int, zero_for_one: bool) -> tuple[int, bool] | None:
        """As step_end; None where an array not given decides it."""
        place = tick // self._spacing
        found = self._used_down(place) if zero_for_one else self._used_up(place + 1)
        if found is None:
            return None
        return max(TICK_MIN, min(TICK_MAX, found[0] * self._spacing)), found[1]

    def _used_down(self, place: int) -> tuple[int, bool] | None:
        edge = place - place % WORD
        while place >= edge:
            number, slot = divmod(place, TICKS_PER_ARRAY)
            bits = self._bits(number)
            if bits is None:
                return None
            bits &= (2 << slot) - 1
            if bits:
                return number * TICKS_PER_ARRAY + bits.bit_length() - 1, True
            place = number * TICKS_PER_ARRAY - 1
        return edge, False

    def _used_up(self, place: int) -> tuple[int, bool] | None:
        edge = place - place % WORD + WORD - 1
        while place <= edge:
            number, slot = divmod(place, TICKS_PER_ARRAY)
            bits = self._bits(number)
            if bits is None:
                return None
            bits >>= slot
            if bits:
                return place + (bits & -bits).bit_length() - 1, True
            place = (number + 1) * TICKS_PER_ARRAY
        return edge, False

    def _bits(self, number: int) -> int | None:
        """Which ticks of an array are in use; None if the pool has it, but it is not given."""
        array = self._arrays.get(number)
        if array is not None:
            return array.initialized
        here = number - self._lowest
        return None if here >= 0 and self._present >> here & 1 else 0

    def _place(self, index: int) -> tuple[TickArray, int, int]:
        """The tick's array, its bit there, and where in the data it starts."""
        place, rest = divmod(index, self._spacing)
        require(rest == 0, ClmmError.TickNotOnSpacing)
        number, slot = divmod(place, TICKS_PER_ARRAY)
        array = self._arrays.get(number)
        if array is None:
            fail(ClmmError.TickArrayMissing, f"the array of tick {index} is not given")
        return array, 1 << slot, SLOTS_AT + slot * Tick.layout_size
