"""`require` and `fail`, and what people write in their place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from sealane.programs import Errors, Mut, Pubkey, UncheckedAccount, fail, require

from ..conftest import Probe

anything = cast(Any, require)
fails = cast(Any, fail)


class Wrong(Errors):
    Bad = 1, "it is bad"


def is_good() -> bool:
    return False


@pytest.mark.parametrize("holds", [True, 1, "text", [0], object()])
def test_what_holds_goes_on(holds: object) -> None:
    anything(holds, Wrong.Bad)


@pytest.mark.parametrize("fails_on", [False, 0, None, "", []])
def test_what_does_not_hold_fails(probe: Probe, fails_on: object) -> None:
    def handler(mine: UncheckedAccount) -> None:
        anything(fails_on, Wrong.Bad, account=mine)

    error = probe(handler).error
    assert (error.name, error.message, error.account) == (
        "Bad",
        "it is bad",
        str(Pubkey.of("mine")),
    )


MISTAKES: dict[str, tuple[Callable[[], object], str]] = {
    "swapped, holds": (lambda: anything(Wrong.Bad, True), "write require(…, Wrong.Bad)"),
    "swapped, does not hold": (lambda: anything(Wrong.Bad, False), "write require(…, Wrong.Bad)"),
    "the class of errors": (lambda: anything(Wrong, Wrong.Bad), "Wrong itself"),
    "a function": (lambda: anything(is_good, Wrong.Bad), "write is_good(…)"),
    "a lambda": (lambda: anything(lambda: False, Wrong.Bad), "<lambda> itself"),
    "a method": (lambda: anything("x".isdigit, Wrong.Bad), "write isdigit(…)"),
    "an error's name": (lambda: anything(1 > 2, "Bad"), "like MyErrors.Name, not 'Bad'"),
    "fail with a name": (lambda: fails("Bad"), "like MyErrors.Name, not 'Bad'"),
    "fail with the class": (lambda: fails(Wrong), "like MyErrors.Name, not <"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_fail_and_say_what_to_write(probe: Probe, mistake: str) -> None:
    use, remedy = MISTAKES[mistake]

    def handler(mine: Mut[UncheckedAccount]) -> None:
        use()

    error = probe(handler).error
    assert error.name == "ProgramFailedToComplete"
    assert remedy in error.message
    assert "0x" not in error.message


def test_raising_an_error_itself_says_what_to_write(probe: Probe) -> None:
    def handler(mine: UncheckedAccount) -> None:
        raise cast(Any, Wrong.Bad)

    def own_words(mine: UncheckedAccount) -> None:
        raise TypeError("a program's own")

    assert "fail(…)" in probe(handler).error.message
    assert "fail(…)" not in probe(own_words).error.message
