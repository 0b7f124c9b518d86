"""A call of another program that a batch handler makes: one instruction, for all rows at once.

`token.transfer(source=…, amount=…)` builds it while a batch handler runs, as it builds an
Instruction in a scalar handler; `ctx.invoke` runs the callee's batch handler on the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, cast

from ....primitives import Instruction, Pubkey
from ....primitives.pubkey import PUBKEY_LEN
from ..columns.bytes_column import BytesColumn
from ..columns.rows import Refusing, Rows, running_rows, stands_for
from ..encoding.scalar_codecs import EnumCodec
from ..handlers.constraints import Address
from ..handlers.parameters import AccountParameter, ArgumentParameter
from .batch import AccountColumns
from .column_codecs import decode_column, encode_column


class Callee(Protocol):
    """The part of an instruction that a call is built from."""

    @property
    def accounts(self) -> tuple[AccountParameter, ...]: ...

    @property
    def arguments(self) -> tuple[ArgumentParameter, ...]: ...


@stands_for(Instruction)
class RowsCall(Refusing):
    """A call of `callee`, an instruction. `accounts`: the account columns or the keys of each, by
    parameter; those of a list, of which there are none, are left out. `arguments`: columns."""

    __slots__ = ("accounts", "arguments", "callee", "rows")

    def __init__(
        self,
        rows: Rows,
        callee: Any,
        accounts: Mapping[str, AccountColumns | BytesColumn | Pubkey],
        arguments: Mapping[str, Any],
    ) -> None:
        self.rows = rows
        self.callee = callee
        self.accounts = accounts
        self.arguments = arguments

    def _refuse(self, what: str) -> TypeError:
        return self.rows.refuse(what)


def rows_call(callee: Callee, values: Mapping[str, Any]) -> RowsCall | None:
    """The call with these values by name; None where no batch handler runs.

    Excludes rows whose arguments their codecs do not take.
    """
    rows = running_rows()
    if rows is None:
        return None
    for parameter in callee.accounts:
        if parameter.variadic and values.get(parameter.name):
            raise rows.refuse(f"{parameter.name!r} is a list, which is empty in a batch")
    fixed = [parameter for parameter in callee.accounts if not parameter.variadic]
    return RowsCall(
        rows,
        callee,
        {p.name: _account(rows, p, values.get(p.name)) for p in fixed},
        {p.name: _argument(rows, p, values.get(p.name, p.default)) for p in callee.arguments},
    )


def _account(
    rows: Rows, parameter: AccountParameter, value: Any
) -> AccountColumns | BytesColumn | Pubkey:
    if issubclass(type(value), AccountColumns):
        return value
    if type(value) is BytesColumn and value.rows is rows and value.values.shape[1] == PUBKEY_LEN:
        return value
    if type(value) in (Pubkey, bytes, str):
        return Pubkey.of(cast(str | bytes, value))
    known = [c.key for c in parameter.constraints if isinstance(c, Address)]
    known += [] if parameter.known is None else [parameter.known]
    if value is None and known:
        return known[-1]
    raise rows.refuse(f"a batch handler cannot give {parameter.name!r} like this")


def _argument(rows: Rows, parameter: ArgumentParameter, value: Any) -> Any:
    """What the callee decodes: encoded and decoded as in the data of an instruction."""
    codec = parameter.codec
    if isinstance(codec, EnumCodec) and type(value) is str:
        value = codec.named(value)
    return decode_column(rows, codec, encode_column(rows, codec, value))
