"""Mistakes in a handler fail where it is defined, with file, line and remedy."""

from __future__ import annotations

import functools
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from sealane.primitives import DefinitionError
from sealane.programs import (
    Arg,
    Context,
    Layout,
    Mut,
    Program,
    Rest,
    Signer,
    UncheckedAccount,
    u8,
    u64,
)


class State(Layout):
    count: u64


def no_annotation(account: Signer, by) -> None: ...  # type: ignore[no-untyped-def]  # pyright: ignore[reportMissingParameterType, reportUnknownParameterType]


def plain_int(by: int) -> None: ...


def a_float(by: float) -> None: ...


def any_value(by: Any) -> None: ...


def returns_something(account: Signer) -> int:
    return 1


def star_args(*accounts: Signer) -> None: ...


def star_kwargs(**values: u64) -> None: ...


def keyword_only(*, by: u64) -> None: ...


def positional_only(by: u64, /) -> None: ...


def account_behind_the_rest(rest: list[Signer], account: Signer) -> None: ...


def two_rests(rest: list[Signer], more: list[Signer]) -> None: ...


def argument_behind_the_rest(data: Rest, by: u64) -> None: ...


def unknown_name(account: Missing) -> None: ...  # type: ignore[name-defined]  # noqa: F821  # pyright: ignore[reportUndefinedVariable, reportUnknownParameterType]


def default_out_of_range(by: u64 = -1) -> None: ...


def default_float(by: u64 = 1.0) -> None: ...  # pyright: ignore[reportArgumentType]


def default_none(by: u64 = None) -> None: ...  # pyright: ignore[reportArgumentType]


async def a_coroutine(account: Signer) -> None: ...


def a_generator(account: Signer) -> Generator[None]:
    yield


def an_untold_generator(account: Signer) -> None:  # pyright: ignore[reportInvalidTypeForm]
    yield  # pyright: ignore[reportReturnType]


def either_account(account: Signer | State) -> None: ...


def writable_argument(by: Mut[u64]) -> None: ...


def writable_context(ctx: Mut[Context]) -> None: ...


def bare_list(accounts: list) -> None: ...  # type: ignore[type-arg]  # pyright: ignore[reportMissingTypeArgument, reportUnknownParameterType]


WRONG: list[tuple[Callable[..., Any], str]] = [
    (no_annotation, "'by' has no annotation"),
    (plain_int, "u8 … u256"),
    (a_float, "u64 in the smallest unit"),
    (any_value, "has no fixed encoding"),
    (returns_something, "set_return_data"),
    (star_args, "plain parameter"),
    (star_kwargs, "plain parameter"),
    (keyword_only, "plain parameter"),
    (positional_only, "plain parameter"),
    (account_behind_the_rest, "no account parameter may follow"),
    (two_rests, "no account parameter may follow"),
    (argument_behind_the_rest, "all data that is left"),
    (unknown_name, "Missing.*import the type"),
    (default_out_of_range, "'by'.*default.*-1"),
    (default_float, "'by'.*default.*1.0"),
    (default_none, "'by'.*default.*None"),
    (a_coroutine, "plain function"),
    (a_generator, "plain function|set_return_data"),
    (an_untold_generator, "plain function"),
    (either_account, "'account'"),
    (writable_argument, "'by'.*Mut"),
    (writable_context, "'ctx'"),
    (bare_list, "list\\[u64\\]"),
]


@pytest.mark.parametrize(("handler", "remedy"), WRONG)
def test_the_message_names_line_handler_and_remedy(
    handler: Callable[..., None], remedy: str
) -> None:
    with pytest.raises(DefinitionError, match=remedy) as caught:
        Program("wrong").instruction(tag=0)(handler)
    line = handler.__code__.co_firstlineno
    assert f"{Path(__file__).name}:{line}: {handler.__name__}" in str(caught.value)


class CallableObject:
    def __call__(self, account: Signer) -> None: ...


def fine(account: Signer) -> None: ...


@pytest.mark.parametrize(
    "handler",
    [CallableObject(), functools.partial(fine), print, State, None],
    ids=["instance", "partial", "builtin", "class", "none"],
)
def test_only_plain_functions_are_handlers(handler: Any) -> None:
    with pytest.raises(DefinitionError, match="plain function"):
        Program("wrong").instruction(tag=0)(handler)


def test_a_handler_of_two_instructions() -> None:
    program = Program("twice")
    spec: Any = program.instruction(tag=0)(fine)
    with pytest.raises(DefinitionError, match="plain function"):
        program.instruction(tag=1)(spec)
    program.instruction(tag=1, name="also_fine")(spec.handler)
    assert set(program.instructions) == {"fine", "also_fine"}


@pytest.mark.parametrize("second", [0, b"\0"])
def test_two_instructions_with_one_tag(second: int | bytes) -> None:
    program = Program("twice")
    program.instruction(tag=0)(fine)
    with pytest.raises(DefinitionError, match="tag 00 is taken by") as caught:
        program.instruction(tag=second, name="other")(plain)
    lines = (plain.__code__.co_firstlineno, fine.__code__.co_firstlineno)
    for line in lines:
        assert f"{Path(__file__).name}:{line}" in str(caught.value)


def plain(account: Signer, by: u64) -> None: ...


def test_two_instructions_with_one_name() -> None:
    program = Program("twice")
    program.instruction(tag=0)(fine)
    with pytest.raises(DefinitionError, match="name 'fine' is taken by"):
        program.instruction(tag=1, name="fine")(plain)


@pytest.mark.parametrize("tag", [-1, 256, True, 1.0, "a", None])
def test_a_tag_that_does_not_fit(tag: Any) -> None:
    with pytest.raises(DefinitionError, match="tag") as caught:
        Program("wrong").instruction(tag=tag)(fine)
    assert f"{Path(__file__).name}:" in str(caught.value)


@pytest.mark.parametrize("name", ["execute", "name", "id", "instructions", "instruction", "_x"])
def test_a_name_that_the_program_needs_itself(name: str) -> None:
    with pytest.raises(DefinitionError, match=f"'{name}'.*another"):
        Program("wrong").instruction(tag=0, name=name)(fine)


@pytest.mark.parametrize("name", ["", "two words", "1st", "a-b", "a.b"])
def test_a_program_name_is_an_identifier(name: str) -> None:
    with pytest.raises(DefinitionError, match="identifier"):
        Program(name)


def test_definitions_that_fit() -> None:
    def every(
        ctx: Context,
        a: Mut[State],
        b: State,
        c: Mut[Signer],
        d: Signer | None,
        e: list[Mut[UncheckedAccount]],
        by: u8,
        point: Arg[State],
        default: u64 = 5,
    ) -> None: ...

    spec = Program("fits", layouts=[State]).instruction(tag=0)(every)
    assert [p.name for p in spec.accounts] == ["a", "b", "c", "d", "e"]
    assert [p.writable for p in spec.accounts] == [True, False, True, False, True]
    assert [p.signer for p in spec.accounts] == [False, False, True, True, False]
    assert [p.optional for p in spec.accounts] == [False, False, False, True, False]
    assert [p.variadic for p in spec.accounts] == [False] * 4 + [True]
    assert [p.name for p in spec.arguments] == ["by", "point", "default"]
