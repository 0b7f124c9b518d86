"""Calls of one call signature as rows, checked as far as possible before any of them runs.

A row is *plain* if its accounts fit what the handler declares, its payer may pay fees and its
arguments decode. Other rows are executed alone, which produces the error. Owner, data length and
data place of an account are read in advance; `versions` shows later whether they still hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import compress, repeat
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from ....primitives import SYSTEM_PROGRAM_ID, ProgramFailure, Pubkey
from ....programs.kit import Layout
from ....programs.kit.encoding.codec import Codec
from ....programs.kit.encoding.scalar_codecs import IntCodec
from ....programs.kit.handlers.parameters import (
    AccountParameter,
    ArgumentParameter,
    ContextParameter,
    Parameter,
    is_layout,
)
from ...block.block import ADDS, WRITABLE
from ...block.shapes import NO_PAYER_COLUMN
from ...columns.key_rows import are_key, key_objects, only_key
from ...columns.ragged import rows_of
from ...memory.fence import fence
from ...memory.working_set import WorkingSet
from ...process.interrupts import is_interrupt
from ...svm.chain_rules.fee import doubtful_payers
from ...svm.chain_rules.rent import rent_minimums
from ...svm.execution_inputs import BlockEnvironment
from ..call_signatures import CallSignature, decodes_at_once
from .row_loop import CONTEXT, VALUES, AccountForm, RowForm

_REPEAT_LEN_MIN: Final = 64  # for fewer items, comparing them does not pay


class PlainRows:
    """n calls of one signature, n ≥ 1, in execution order. `plain` bool[n]: whether each is plain.

    `form`: that of all rows. `owners`: by account, the owner in all rows; None where rows differ.
    `versions`: by account id, for accounts whose version is above 0.
    """

    def __init__(
        self,
        environment: BlockEnvironment,
        accounts: WorkingSet,
        signature: CallSignature,
        positions: NDArray[np.int64],
    ) -> None:
        self.positions = positions
        self.plain = np.ones(len(positions), dtype=np.bool_)
        self.owners: list[Pubkey | None] = []
        self.versions: dict[int, int] = {}
        self._owner_keys: list[NDArray[np.uint8]] = []
        self._lens: list[NDArray[np.int64]] = []
        self._rent = environment.rent
        self._block = environment.block
        self._accounts = accounts
        self._signature = signature
        self._columns: dict[str, NDArray[Any] | Sequence[Any]] = {"position": positions}
        spec = signature.spec
        self._absent: set[int] = set()  # optional accounts that are left out in all rows
        forms = self._bind(signature.accounts)
        payer = self._charge(environment.payer_owners)
        decoding = not decodes_at_once(spec, signature.shape.data_len)
        self._decode(decoding)
        self.form = RowForm(
            forms,
            len(spec.arguments),
            tuple(self._given(p, decoding) for p in spec.parameters),
            payer,
            decoding,
            spec.constrained,
            environment.rent.enforced,
        )

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The plain rows, each a tuple of the columns that `form` lists."""
        chosen = None if self.plain.all() else self.plain
        columns = [_items(self._columns[name], chosen) for name in self.form.columns()]
        if self.form.decoding:
            columns[-1] = map(self._values, columns[-1])
        return zip(*columns, strict=False)  # `repeat` has no end

    def _given(self, parameter: Parameter, decoding: bool) -> str:
        """The expression for the argument of a parameter, as in RowForm.order."""
        if isinstance(parameter, ContextParameter):
            return CONTEXT
        spec = self._signature.spec
        if isinstance(parameter, ArgumentParameter):
            number = spec.arguments.index(parameter)
            return f"{VALUES}[{number}]" if decoding else f"a{number}"
        first, count = spec.accounts.index(parameter), len(self._signature.accounts)
        if parameter.variadic:
            return f"[{', '.join(f'v{k}' for k in range(first, count))}]"
        return "None" if first >= count or first in self._absent else f"v{first}"

    def _bind(self, parameters: Sequence[AccountParameter]) -> tuple[AccountForm, ...]:
        columns = self._block.instructions
        starts = columns.account_offsets[columns.offsets[self.positions]]
        count = len(parameters)
        ids = np.ascontiguousarray(rows_of(columns.accounts, starts, count).T)
        self._note_versions(ids.ravel())
        self._leave_out(parameters, ids)
        executable = self._accounts.columns["executable"].take(ids)
        if not self._signature.takes_context:
            executable[sorted(self._absent)] = 0  # these are never read
        if executable.any():
            # Programs and other executable accounts have rules of their own.
            self.plain &= ~executable.any(axis=0)
        owners = self._accounts.owners_of(ids)
        lens = self._accounts.columns["data_lens"].take(ids)
        return tuple(
            self._bind_account(k, p, ids[k], owners[k], lens[k]) for k, p in enumerate(parameters)
        )

    def _leave_out(self, parameters: Sequence[AccountParameter], ids: NDArray[np.uint32]) -> None:
        """Find the optional accounts that all rows leave out; where some do, they are not plain."""
        for k, parameter in enumerate(parameters):
            if not parameter.optional:
                continue
            # Compare one key for each distinct account, not one for each row.
            several, which = np.unique(ids[k], return_inverse=True)
            accounts: list[int] = several.tolist()
            given = [self._block.keys[i] != self._signature.spec.program_id for i in accounts]
            there = np.array(given, dtype=np.bool_)[which]
            if there.any():
                self.plain &= there
            else:
                self._absent.add(k)

    def _bind_account(
        self,
        k: int,
        parameter: AccountParameter,
        ids: NDArray[np.uint32],
        owners: NDArray[np.uint8],
        lens: NDArray[np.int64],
    ) -> AccountForm:
        columns = self._columns
        columns[f"i{k}"] = ids
        owner = only_key(owners)
        self.owners.append(owner)
        self._owner_keys.append(owners)
        self._lens.append(lens)
        if self._rent.enforced:
            columns[f"x{k}"] = rent_minimums(self._rent, lens)
        if owner is None:
            columns[f"o{k}"] = key_objects(owners)
        has_data = bool(lens.any())
        if has_data:
            accounts = self._accounts.columns
            starts = accounts["data_starts"].take(ids)
            columns[f"s{k}"], columns[f"e{k}"] = starts, starts + lens
            self.plain &= (starts < len(accounts["heap"])) | (lens == 0)
        layout = None if k in self._absent else self._layout(parameter)
        if layout is not None and parameter.owner is not None:
            self.plain &= are_key(owners, owner, parameter.owner.id) & (lens >= layout.layout_size)
        flags = self._signature.shape.flags[k]
        return AccountForm(
            # Through a context, a handler can write accounts that it declares as read-only.
            writable=(parameter.writable or self._signature.takes_context)
            and flags & (WRITABLE | ADDS) == WRITABLE,
            has_data=has_data,
            one_owner=owner is not None,
            marked=has_data and layout is not None and bool(layout.discriminator),
            may_vanish=has_data or owner != SYSTEM_PROGRAM_ID,
            adds=bool(flags & ADDS),
        )

    def _charge(self, payer_owners: Sequence[bytes]) -> int | None:
        """The index of the paying account, None without fees. Excludes rows whose payer may not
        pay from the plain ones."""
        charges = self._block.fees[self.positions]
        if not charges.any():
            return None
        column = self._signature.shape.payer_column
        if column == NO_PAYER_COLUMN:
            self.plain &= charges == 0
            return None
        self._columns["fee"] = charges
        if column < len(self.owners):
            owner, keys = self.owners[column], self._owner_keys[column]
            lens = self._lens[column]
        else:
            # An account outside the instruction, or one that the handler does not take.
            column = len(self.owners)
            payers = self._columns["payer"] = self._block.payers[self.positions]
            self._note_versions(payers)
            keys = self._accounts.owners_of(payers)
            owner = only_key(keys)
            lens = self._accounts.columns["data_lens"].take(payers)
            if self._rent.enforced:
                self._columns[f"x{column}"] = rent_minimums(self._rent, lens)
        owned_by = partial(are_key, keys, owner)
        self.plain &= ~doubtful_payers(charges, lens, payer_owners, owner, owned_by)
        return column

    def _note_versions(self, ids: NDArray[Any]) -> None:
        """Call this before reading anything else about the accounts: a change by another lane in
        between must show as a newer version."""
        column = self._accounts.columns["versions"]
        if column[-1]:
            grown = ids[column[ids] > 0]
            self.versions.update(zip(grown.tolist(), column[grown].tolist(), strict=True))
        fence()

    def _decode(self, decoding: bool) -> None:
        columns, spec = self._block.instructions, self._signature.spec
        starts = columns.data_offsets[columns.offsets[self.positions]]
        data = rows_of(columns.data, starts, self._signature.shape.data_len)
        if decoding:
            self._columns[VALUES] = data
            return
        offset = len(spec.tag)
        for n, argument in enumerate(spec.arguments):
            size = cast(int, argument.codec.size)
            raw = np.ascontiguousarray(data[:, offset : offset + size])
            self._columns[f"a{n}"] = self._decoded(argument.codec, raw)
            offset += size

    def _decoded(self, codec: Codec, raw: NDArray[np.uint8]) -> NDArray[Any] | Sequence[Any]:
        if isinstance(codec, IntCodec) and codec.dtype is not None:
            return raw.view(codec.dtype).reshape(len(raw))
        values: list[Any] = []
        for row, each in enumerate(raw):
            try:
                values.append(codec.decode(each.tobytes(), 0)[0])
            except ProgramFailure:
                values.append(None)
                self.plain[row] = False
        return values

    def _values(self, data: NDArray[np.uint8]) -> tuple[Any, ...] | None:
        """A row's arguments, None if they do not decode. Decoded late, as they may be large."""
        spec = self._signature.spec
        try:
            values = spec.decode_arguments(data.tobytes())
        except BaseException as error:
            if is_interrupt(error):
                raise
            return None
        return tuple(values[parameter.name] for parameter in spec.arguments)

    @staticmethod
    def _layout(parameter: AccountParameter) -> type[Layout] | None:
        held = is_layout(parameter.view_type)
        return cast(type[Layout], parameter.view_type) if held else None


def _items(column: NDArray[Any] | Sequence[Any], chosen: NDArray[np.bool_] | None) -> Iterable[Any]:
    """The `chosen` items of a column. An endless iterator if all items are the same number."""
    if not isinstance(column, np.ndarray):
        return column if chosen is None else compress(column, chosen.tolist())
    if column.ndim > 1:
        return column if chosen is None else column[chosen]
    if len(column) >= _REPEAT_LEN_MIN and (column == column[0]).all():
        return repeat(column[0].item())
    return (column if chosen is None else column[chosen]).tolist()
