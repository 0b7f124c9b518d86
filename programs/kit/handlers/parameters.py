"""Reads a handler's signature, which is its access list.

state: Mut[CounterState]      an account with this layout, locked for writing
mint: Mint                    the same, for reading
total: Adds[Total]            the same, only added to: adds do not conflict with each other
authority: Signer             must have signed; Mut[Signer] to write it too
anything: UncheckedAccount    no owner or layout assumed
target: ProgramAccount        a program
referrer: Signer | None       may be left out: the program's own key stands for "none"
rest: list[UncheckedAccount]  all accounts that are left; only once
by: u64                       an argument; a Layout as argument is Arg[MyLayout]
ctx: Context                  the runtime's services
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from ....primitives import DefinitionError, ProgramFailure, Pubkey
from ....primitives.one_line import in_one_line
from ..accounts.account import UncheckedAccount
from ..accounts.layout import Layout
from ..encoding.annotation_text import annotation_text
from ..encoding.codec import Codec
from ..encoding.compound_codecs import OptionCodec
from ..encoding.marks import Added, Argument, Known, Signs, Writable
from ..encoding.types import codec_of
from .constraints import Address, Constraint, Owner, Seeds
from .context import Context
from .ownership import AccountOwner, Lister, owner_of_parameter


@dataclass(frozen=True, slots=True, repr=False)
class AccountParameter:
    """An account, or (`variadic`) all that are left.

    `adds`: it is only added to. `credits`: the same, but it is locked for writing unless the block
    is built with the rule `adds`.
    """

    name: str
    view_type: type[UncheckedAccount]
    writable: bool
    optional: bool = False
    variadic: bool = False
    signs: Signs | None = None
    known: Pubkey | None = None
    known_name: str | None = None  # `known` as the handler's author wrote it
    constraints: tuple[Constraint, ...] = ()
    owner: AccountOwner | None = None  # who must own it: for accounts with a layout
    text: str = ""  # the annotation in words
    adds: bool = False
    credits: bool = False

    def __repr__(self) -> str:
        return in_one_line(f"account {self.name}: {self.text}")

    @property
    def signer(self) -> bool:
        return self.view_type.requires_signature

    @property
    def dispensable(self) -> bool:
        """Whether a caller may omit the account."""
        determined = any(isinstance(c, (Address, Seeds)) for c in self.constraints)
        return self.optional or self.variadic or self.known is not None or determined


@dataclass(frozen=True, slots=True, repr=False)
class ArgumentParameter:
    """A value in the instruction's data."""

    name: str
    codec: Codec
    default_data: bytes | None = None  # the encoded default
    text: str = ""  # the annotation in words

    def __repr__(self) -> str:
        return in_one_line(f"argument {self.name}: {self.text}")

    @property
    def has_default(self) -> bool:
        return self.default_data is not None

    @property
    def default(self) -> Any:
        """The default, or None; decoded each time, so that calls never share a mutable value."""
        return None if self.default_data is None else self.codec.decode(self.default_data, 0)[0]

    @property
    def dispensable(self) -> bool:
        """Whether a caller may omit the argument; an Option is then None."""
        return self.has_default or isinstance(self.codec, OptionCodec)


@dataclass(frozen=True, slots=True)
class ContextParameter:
    """The parameter that takes the Context."""

    name: str


Parameter = AccountParameter | ArgumentParameter | ContextParameter


def parameters_of(
    handler: Callable[..., None], scope: Mapping[str, Any], program: Lister
) -> tuple[Parameter, ...]:
    """The parameters declared by the signature of a handler of `program`.

    Raises DefinitionError with file, line and remedy.
    """
    where = location_of(handler)
    try:
        hints = get_type_hints(handler, localns=dict(scope), include_extras=True)
    except NameError as error:
        raise DefinitionError(f"{where}: {error}; import the type at the top level") from error
    if hints.get("return", type(None)) is not type(None):
        raise DefinitionError(f"{where}: a handler returns None; use ctx.set_return_data(…)")
    found: list[Parameter] = []
    for parameter in inspect.signature(handler).parameters.values():
        if parameter.kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD:
            kind = parameter.kind.description
            raise DefinitionError(
                f"{where}: {parameter.name!r} must be a plain parameter, not {kind}; for all "
                "accounts that are left, rest: list[…]"
            )
        if parameter.name not in hints:
            raise DefinitionError(
                f"{where}: parameter {parameter.name!r} has no annotation; declare what it is: "
                "Mut[…], a Layout, Signer, UncheckedAccount, u64, …"
            )
        found.append(_parameter(parameter, hints[parameter.name], program, where))
    _check_order(found, where)
    return tuple(found)


def require_plain_function(handler: object, where: str) -> None:
    """Raise DefinitionError for anything but a plain function: no generators or coroutines."""
    if isinstance(handler, types.FunctionType):
        where = location_of(handler)
        if not inspect.isgeneratorfunction(handler) and not (
            inspect.iscoroutinefunction(handler) or inspect.isasyncgenfunction(handler)
        ):
            return
    raise DefinitionError(
        f"{where}: a handler is a plain function: def, without async or yield"
        + ("" if isinstance(handler, types.FunctionType) else f", not {type(handler).__name__}")
    )


def location_of(handler: Callable[..., Any]) -> str:
    """`file:line: name` of a function, for messages."""
    code = handler.__code__  # type: ignore[attr-defined] - handlers are plain functions
    return f"{code.co_filename}:{code.co_firstlineno}: {handler.__qualname__}"


def _parameter(
    parameter: inspect.Parameter, annotation: Any, program: Lister, where: str
) -> Parameter:
    name = parameter.name
    if annotation is Context:
        return ContextParameter(name)
    account = _account_parameter(name, annotation)
    if account is not None:
        return replace(_with_owner(account, program, where), text=annotation_text(annotation))
    if isinstance(next(iter(get_args(annotation)), annotation), TypeVar):
        raise DefinitionError(
            f"{where}: {name!r} does not say what it is: write Mut[Vault], Mut[Signer], Arg[Point]"
        )
    if any(isinstance(mark, Writable) for mark in get_args(annotation)):
        raise DefinitionError(f"{where}: {name!r} is an argument, and Mut[…] is for accounts")
    codec = codec_of(_strip_argument_mark(annotation), f"{where}: parameter {name!r}")
    default = _default_data(codec, parameter, where)
    return ArgumentParameter(name, codec, default, annotation_text(annotation))


def _default_data(codec: Codec, parameter: inspect.Parameter, where: str) -> bytes | None:
    if parameter.default is inspect.Parameter.empty:
        return None
    try:
        return codec.encode(parameter.default)
    except ProgramFailure as error:
        raise DefinitionError(
            f"{where}: {parameter.name!r} cannot have the default {parameter.default!r}: "
            f"{error.detail}"
        ) from error


def _account_parameter(name: str, annotation: Any) -> AccountParameter | None:
    """The account that an annotation declares, or None if it declares an argument."""
    optional = variadic = writable = False
    signs: Signs | None = None
    known: Known | None = None
    added: Added | None = None
    constraints: list[Constraint] = []
    inner: Any = annotation
    while True:
        origin = get_origin(inner)
        if origin is Annotated:
            inner, *marks = get_args(inner)
            if any(isinstance(mark, Argument) for mark in marks):
                return None
            writable |= any(isinstance(mark, Writable) for mark in marks)
            for mark in marks:
                if isinstance(mark, Signs):
                    signs = mark
                elif isinstance(mark, Known):
                    known = mark
                elif isinstance(mark, Added):
                    added = mark
                elif isinstance(mark, Constraint):
                    constraints.append(mark)
        elif origin in (Union, types.UnionType):
            kept = [arg for arg in get_args(inner) if arg is not type(None)]
            if len(kept) != 1:
                return None
            inner, optional = kept[0], True
        elif origin is list:
            inner, variadic = get_args(inner)[0], True
        else:
            break
    if not isinstance(inner, type) or not issubclass(inner, UncheckedAccount):
        return None
    return AccountParameter(
        name,
        inner,
        writable,
        optional,
        variadic,
        signs,
        None if known is None else Pubkey.of(known.key),
        None if known is None else known.name,
        tuple(constraints),
        adds=added is not None and not added.by_rule,
        credits=added is not None and added.by_rule,
    )


def _with_owner(parameter: AccountParameter, program: Lister, where: str) -> AccountParameter:
    """The parameter with the owner that its layout requires, if any."""
    if not is_layout(parameter.view_type):
        return parameter
    layout = cast(type[Layout], parameter.view_type)
    what = f"{where}: {parameter.name!r}"
    owner = owner_of_parameter(layout, parameter.constraints, program, what)
    # The owner is checked together with the layout, before any constraint.
    marks = [mark for mark in parameter.constraints if isinstance(mark, Owner)]
    others = tuple(mark for mark in parameter.constraints if mark not in marks[:1])
    return replace(parameter, owner=owner, constraints=others)


def _strip_argument_mark(annotation: Any) -> Any:
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        if any(isinstance(mark, Argument) for mark in marks):
            return inner
    return annotation


def _check_order(parameters: list[Parameter], where: str) -> None:
    variadic = [p for p in parameters if isinstance(p, AccountParameter) and p.variadic]
    accounts = [p for p in parameters if isinstance(p, AccountParameter)]
    if variadic and (len(variadic) > 1 or accounts[-1] is not variadic[0]):
        raise DefinitionError(
            f"{where}: {variadic[0].name!r} takes all accounts that are left, so no account "
            "parameter may follow it"
        )
    arguments = [p for p in parameters if isinstance(p, ArgumentParameter)]
    for argument in arguments[:-1]:
        if argument.codec.size is None and getattr(argument.codec, "prefix", 0) is None:
            raise DefinitionError(f"{where}: {argument.name!r} takes all data that is left; last")


def is_layout(view_type: type[UncheckedAccount]) -> bool:
    """Whether an account parameter's type is a layout."""
    return issubclass(view_type, Layout)
