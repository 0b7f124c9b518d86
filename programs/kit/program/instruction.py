"""One instruction of a program: its declaration, and execution of its handler."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, cast

from ....primitives import (
    AccountMeta,
    DefinitionError,
    Instruction,
    InstructionErrors,
    ProgramFailure,
    Pubkey,
    UsageError,
)
from ..accounts.account import UncheckedAccount
from ..accounts.layout import Layout
from ..batch.column_codecs import has_column
from ..batch.identity_checks import misread_when_vectorized
from ..batch.nested import rows_call
from ..batch.reachable_code import reachable_code
from ..encoding.codec import DecodeError, Resolve
from ..handlers.constraints import Scope, check_constraints
from ..handlers.context import Context
from ..handlers.frame import Frame, FrameAccount
from ..handlers.ownership import AccountOwner
from ..handlers.parameters import AccountParameter, ArgumentParameter, Parameter, location_of
from .calls import CallBuilder
from .shown_doc import ShownDoc
from .traits import ProgramTraits


def _described(spec: InstructionSpec) -> str:
    # Imported when somebody asks for help: every command would pay for it.
    from .description import describe_instruction
    from .description_text import instruction_text

    return instruction_text(describe_instruction(spec))


class InstructionSpec:
    """The result of decorating a handler with `@program.instruction(tag=…)`.

    Calling it with accounts and arguments by name builds an Instruction and runs nothing. `handler`
    is the function itself; `accounts` and `arguments` are its declared parameters. `help()` shows
    its accounts, arguments and errors, and an example for fixtures.
    """

    __doc__ = cast(Any, ShownDoc(__doc__, _described))

    def __init__(
        self,
        program: ProgramTraits,
        name: str,
        tag: bytes,
        handler: Callable[..., None],
        parameters: tuple[Parameter, ...],
        compute_units: int = 0,
    ) -> None:
        self.program = program
        self.program_name = program.name
        self.program_id = program.id
        self.name = name
        self.tag = tag
        self.handler = handler
        self.parameters = parameters
        self.compute_units = compute_units
        self.accounts = tuple(p for p in parameters if isinstance(p, AccountParameter))
        self.arguments = tuple(p for p in parameters if isinstance(p, ArgumentParameter))
        self.codecs = {p.name: p.codec for p in self.arguments}
        self.constrained = any(p.constraints for p in self.accounts)
        self._calls = CallBuilder(program, self.full_name, tag, self.accounts, self.arguments)
        self.batch_handler: Callable[..., None] | None = None
        # An optional account still takes its place before a required one.
        required = [i for i, p in enumerate(self.accounts) if not (p.optional or p.variadic)]
        self.account_count_min = required[-1] + 1 if required else 0
        # For help, completion and other introspection of callables.
        self.__name__ = name
        self.__qualname__ = self.full_name
        self.__module__ = handler.__module__
        self.__wrapped__ = handler  # lets inspect find the source
        self.__signature__ = _signature(self.accounts, self.arguments)

    def __call__(self, *unnamed: object, **values: Any) -> Instruction:
        """Build the instruction. Accounts are keys, names or views; nothing is run.

        Accounts whose key the signature determines may be omitted, and a member of an Enum may be
        given by its name, as in a fixture. Raises UsageError naming what is
        missing, unknown or invalid.
        """
        if unnamed:
            named = ", ".join(f"{p.name}=…" for p in (*self.accounts, *self.arguments))
            name = self.full_name
            raise UsageError(f"{name} takes its values by name: {name}({named})")
        call = rows_call(self, values)
        if call is None:
            return self._calls.from_values(values)
        self._calls.check_names(values, UsageError)
        return cast(Instruction, call)  # of all the rows, as a batch handler is running

    def __repr__(self) -> str:
        taken = (*self.accounts, *self.arguments)
        return f"{self.full_name}({', '.join(p.name + '=…' * p.dispensable for p in taken)})"

    def from_json(self, values: Mapping[str, Any], resolve: Resolve) -> Instruction:
        """Build the instruction from a fixture's values. Raises InputError naming the value."""
        return self._calls.from_json(values, resolve)

    def metas(self, accounts: Mapping[str, Sequence[Pubkey]]) -> tuple[AccountMeta, ...]:
        """The access list for these keys by parameter name: the accounts to lock, and how."""
        return self._calls.metas(accounts)

    def batch(self, handler: Callable[..., None]) -> Callable[..., None]:
        """Register a function as the batch handler: same parameters, as columns. See batch.py.

        If the scalar handler's statements also work on columns, it can be its own batch handler:
        `transfer.batch(transfer.handler)`. A list of accounts is always empty: calls with more
        accounts are executed one by one. Raises DefinitionError for parameters that have no column.
        """
        where = location_of(handler)
        names = list(inspect.signature(handler).parameters)
        expected = [parameter.name for parameter in self.parameters]
        if names != expected:
            raise DefinitionError(
                f"{where}: a batch handler takes its scalar handler's parameters, "
                f"{', '.join(expected)}; not {', '.join(names)}"
            )
        for account in self.accounts:
            if account.optional:
                raise DefinitionError(f"{where}: {account.name!r} may be absent: no batch for it")
        for argument in self.arguments:
            if not has_column(argument.codec):
                raise DefinitionError(f"{where}: no column holds values of {argument.name!r}")
        self.batch_handler = handler
        self.__dict__.pop("misread_when_vectorized", None)
        return handler

    @cached_property
    def misread_when_vectorized(self) -> str | None:
        """What the batch handler would silently misread, in which case it is never called.

        Computed on first access: the handler may call functions that are defined after it.
        """
        if self.batch_handler is None:
            return None
        return misread_when_vectorized(self.batch_handler, self.handler)

    @cached_property
    def makes_calls(self) -> bool:
        """Whether the handler seems to make nested calls, by the names in its code: an estimate."""
        return any("invoke" in code.co_names for code in reachable_code(self.handler))

    @property
    def is_nested_batch(self) -> bool:
        """Whether a batch handler may call this: then it has a batch handler, too."""
        if self.batch_handler is None or self.misread_when_vectorized is not None:
            return False
        return not any(p.view_type.requires_executable for p in self.accounts)

    @property
    def full_name(self) -> str:
        return f"{self.program_name}.{self.name}"

    def execute(self, frame: Frame) -> None:
        """Decode the frame's data and accounts, and run the handler on them."""
        if self.compute_units:
            frame.host.consume(self.compute_units)
        values = self.decode_arguments(frame.data)
        self._bind_accounts(frame, values)
        if self.constrained:
            self.require_constraints(values)
        arguments: list[Any] = []
        for parameter in self.parameters:
            if parameter.name in values:
                arguments.append(values[parameter.name])
            else:
                arguments.append(Context(frame))
        self.handler(*arguments)

    def decode_arguments(self, data: bytes) -> dict[str, Any]:
        """The arguments by name, in this order. Raises DecodeError."""
        values: dict[str, Any] = {}
        offset = len(self.tag)
        for parameter in self.arguments:
            if offset == len(data) and parameter.default_data is not None:
                values[parameter.name] = parameter.default
                continue
            try:
                values[parameter.name], offset = parameter.codec.decode(data, offset)
            except DecodeError as error:
                raise self._undecodable(f"{parameter.name}: {error.detail}") from error
        if self.program.exact_data and offset != len(data):
            raise self._undecodable(f"{len(data) - offset} bytes behind the last argument")
        return values

    def _undecodable(self, detail: str) -> DecodeError:
        return DecodeError(f"{self.full_name}: {detail}", self.program.invalid_data)

    def _bind_accounts(self, frame: Frame, values: dict[str, Any]) -> None:
        given = frame.accounts
        if len(given) < self.account_count_min:
            missing = self.accounts[len(given)].name
            raise ProgramFailure(
                self.program.too_few_accounts,
                f"{self.full_name} needs {self.account_count_min} accounts and was given "
                f"{len(given)}: {missing!r} is missing",
            )
        for index, parameter in enumerate(self.accounts):
            if parameter.variadic:
                rest = given[index:]
                values[parameter.name] = [self._view(frame, parameter, entry) for entry in rest]
            elif parameter.optional and self._left_out(given, index):
                values[parameter.name] = None
            else:
                values[parameter.name] = self._view(frame, parameter, given[index])

    def require_constraints(self, values: Mapping[str, Any]) -> None:
        """Raise the error of the first constraint broken by these arguments and accounts."""
        scope = Scope(values, self.codecs, self.program_id)
        for parameter in self.accounts:
            view = values[parameter.name]
            views: list[Any] = view if parameter.variadic else [] if view is None else [view]
            for each in views:
                check_constraints(parameter.constraints, parameter.name, each, scope)

    def _left_out(self, given: Sequence[FrameAccount], index: int) -> bool:
        return index >= len(given) or given[index].record.key == self.program_id

    def _view(
        self, frame: Frame, parameter: AccountParameter, account: FrameAccount
    ) -> UncheckedAccount:
        record = account.record
        if parameter.signer and not account.signer:
            raise ProgramFailure(
                InstructionErrors.MissingRequiredSignature,
                f"{self.full_name}: {parameter.name!r} ({record.key}) must sign",
                account=str(record.key),
            )
        if parameter.view_type.requires_executable and not record.executable:
            raise ProgramFailure(
                InstructionErrors.AccountNotExecutable,
                f"{self.full_name}: {parameter.name!r} ({record.key}) is no program",
                account=str(record.key),
            )
        if parameter.owner is not None:
            self._check_layout(parameter, parameter.owner, account)
        return frame.view(
            parameter.view_type,
            account,
            parameter.name,
            writable=parameter.writable,
            adds=parameter.adds,
        )

    def _check_layout(
        self, parameter: AccountParameter, owner: AccountOwner, account: FrameAccount
    ) -> None:
        record = account.record
        if record.owner != owner.id:
            raise ProgramFailure(
                owner.error,
                f"{self.full_name}: {parameter.name!r} ({record.key}) must belong to {owner.name}, "
                f"not to {record.owner}",
                account=str(record.key),
            )
        cast(type[Layout], parameter.view_type).check_data(record, parameter.name)


def _signature(
    accounts: Sequence[AccountParameter], arguments: Sequence[ArgumentParameter]
) -> inspect.Signature:
    """The signature of a call, keyword-only. Optional parameters have their default, or None."""
    defaults = {p.name: None for p in (*accounts, *arguments) if p.dispensable}
    defaults |= {p.name: p.default for p in arguments if p.has_default}
    return inspect.Signature(
        [
            inspect.Parameter(
                p.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=defaults.get(p.name, inspect.Parameter.empty),
                annotation=p.text,
            )
            for p in (*accounts, *arguments)
        ],
        return_annotation="Instruction",
    )
