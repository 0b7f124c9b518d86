"""Lines for `repr`: never long, never with anything that moves a cursor."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sealane.primitives.one_line import REPR_LEN_MAX, counted, in_one_line, shortened


def test_the_middle_is_left_out() -> None:
    assert shortened("abcdefgh", 8) == "abcdefgh"
    assert shortened("abcdefghi", 8) == "abcd…ghi"
    assert [counted(n, "wave") for n in (0, 1, 2_000)] == ["0 waves", "1 wave", "2,000 waves"]


@given(st.text(), st.integers(5, 200))
def test_a_line_is_short_and_printable(text: str, len_max: int) -> None:
    assert len(shortened(text, len_max)) <= len_max
    assert shortened(text, len_max).isprintable()
    assert len(in_one_line(text)) <= REPR_LEN_MAX
