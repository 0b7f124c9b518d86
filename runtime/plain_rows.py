"""Calls of one kind as rows, checked as far as they can be before any of them runs.

A row is *plain* when its accounts fit what the handler declares, its payer may pay fees and its
arguments decode; all else is executed alone, which says what is wrong. Owner, length and place of
an account's data are taken as they are now; `versions` tells later whether they still are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ..primitives import SYSTEM_PROGRAM_ID, ProgramFailure, Pubkey
from ..primitives.pubkey import PUBKEY_LEN
from ..programs.kit import Layout
from ..programs.kit.codec import Codec, IntCodec
from ..programs.kit.columns import equal_rows
from ..programs.kit.parameters import AccountParameter, is_layout
from .account_columns import take_keys
from .block import WRITABLE, Block
from .call_kinds import Kind
from .row_form import AccountForm, RowForm
from .shapes import NO_PAYER_COLUMN, rows_of
from .working_set import WorkingSet


class PlainRows:
    """n calls of one kind, n ≥ 1, in the order in which they are to run; `plain` bool[n].

    `form` holds for all rows, and so does `owners`, by account; None where rows differ. `versions`:
    the version of each account that has had more than one. `payer_owners`: the programs whose
    accounts may pay fees.
    """

    def __init__(
        self,
        block: Block,
        accounts: WorkingSet,
        kind: Kind,
        positions: NDArray[np.int64],
        payer_owners: Sequence[bytes],
    ) -> None:
        self.positions = positions
        self.plain = np.ones(len(positions), dtype=np.bool_)
        self.owners: list[Pubkey | None] = []
        self.versions: dict[int, int] = {}
        self._block = block
        self._accounts = accounts
        self._kind = kind
        self._columns: dict[str, NDArray[Any] | Sequence[Any]] = {"position": positions}
        spec = kind.spec
        forms = self._bind([p for p in spec.accounts if not p.variadic])
        payer = self._charge(payer_owners)
        self._decode()
        names = {p.name: f"v{k}" for k, p in enumerate(spec.accounts) if not p.variadic}
        names |= {p.name: f"a{n}" for n, p in enumerate(spec.arguments)}
        order = tuple(names.get(p.name, "[]") for p in spec.parameters)
        self.form = RowForm(forms, len(spec.arguments), order, payer)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The plain rows, each with what `form` says a row consists of."""
        columns = [self._columns[name] for name in self.form.columns()]
        return zip(*map(self._plain_items, columns), strict=True)

    def _plain_items(self, column: NDArray[Any] | Sequence[Any]) -> Sequence[Any]:
        if isinstance(column, np.ndarray):
            return (column if self.plain.all() else column[self.plain]).tolist()
        return column if self.plain.all() else list(compress(column, self.plain.tolist()))

    def _bind(self, parameters: Sequence[AccountParameter]) -> tuple[AccountForm, ...]:
        columns = self._block.instructions
        starts = columns.account_offsets[columns.offsets[self.positions]]
        count = self._kind.shape.account_count
        ids = np.ascontiguousarray(rows_of(columns.accounts, starts, count).T)
        executable = self._accounts.columns["executable"][ids]
        if executable.any():
            # Programs and other executable accounts have rules of their own.
            self.plain &= ~executable.any(axis=0)
        return tuple(self._bind_account(k, p, ids[k]) for k, p in enumerate(parameters))

    def _bind_account(
        self, k: int, parameter: AccountParameter, ids: NDArray[np.uint32]
    ) -> AccountForm:
        accounts, columns = self._accounts, self._columns
        columns[f"i{k}"] = ids
        self._note_versions(ids)
        owners = take_keys(accounts.columns["owners"], ids)
        owner = _only_key(owners)
        self.owners.append(owner)
        if owner is None:
            columns[f"o{k}"] = _keys(owners)
        lens = accounts.columns["data_lens"][ids]
        has_data = bool(lens.any())
        if has_data:
            starts = accounts.columns["data_starts"][ids]
            columns[f"s{k}"], columns[f"e{k}"] = starts, starts + lens
            self.plain &= accounts.readable_rows(ids) | (lens == 0)
        layout = self._layout(parameter)
        if layout is not None:
            spec = self._kind.spec
            _, wanted = layout.owner_program or (spec.program_name, spec.program_id)
            self.plain &= _are(owners, owner, wanted) & (lens >= layout.layout_size)
        return AccountForm(
            writable=parameter.writable and bool(self._kind.shape.flags[k] & WRITABLE),
            has_data=has_data,
            one_owner=owner is not None,
            marked=has_data and layout is not None and bool(layout.discriminator),
            may_vanish=has_data or owner != SYSTEM_PROGRAM_ID,
        )

    def _charge(self, payer_owners: Sequence[bytes]) -> int | None:
        """The payers' column; rows whose payer may not pay are not plain."""
        charges = self._block.fees[self.positions]
        if not charges.any():
            return None
        column = self._kind.shape.payer_column
        if column == NO_PAYER_COLUMN:
            self.plain &= charges == 0
            return None
        payers = self._block.payers[self.positions]
        owners = take_keys(self._accounts.columns["owners"], payers)
        one = _only_key(owners)
        able = np.zeros(len(payers), dtype=np.bool_)
        for wanted in payer_owners:
            able |= _are(owners, one, wanted)
        self.plain &= able | (charges == 0)
        self._note_versions(payers)
        self._columns["fee"], self._columns["payer"] = charges, payers
        return min(column, len(self.owners))

    def _note_versions(self, ids: NDArray[Any]) -> None:
        column = self._accounts.columns["versions"]
        if column[-1]:
            grown = ids[column[ids] > 0]
            self.versions.update(zip(grown.tolist(), column[grown].tolist(), strict=True))

    def _decode(self) -> None:
        columns, spec = self._block.instructions, self._kind.spec
        starts = columns.data_offsets[columns.offsets[self.positions]]
        data = rows_of(columns.data, starts, self._kind.shape.data_len)
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

    @staticmethod
    def _layout(parameter: AccountParameter) -> type[Layout] | None:
        held = is_layout(parameter.view_type)
        return cast(type[Layout], parameter.view_type) if held else None


def _only_key(keys: NDArray[np.uint8]) -> Pubkey | None:
    """The key that all rows of a uint8[n, 32] have, if they do; n ≥ 1."""
    words = keys.view(np.uint64)
    return Pubkey(keys[0].tobytes()) if (words == words[0]).all() else None


def _keys(raw: NDArray[np.uint8]) -> list[Pubkey]:
    """An object for each row of a uint8[n, 32], the same one for equal rows."""
    known: dict[bytes, Pubkey] = {}
    joined = raw.tobytes()
    keys = [joined[at : at + PUBKEY_LEN] for at in range(0, len(joined), PUBKEY_LEN)]
    return [known.get(key) or known.setdefault(key, Pubkey(key)) for key in keys]


def _are(keys: NDArray[np.uint8], only: Pubkey | None, wanted: bytes) -> NDArray[np.bool_]:
    """bool[n]: which of these keys, `only` if they are all the same, is this one."""
    if only is not None:
        return np.full(len(keys), only == wanted)
    return equal_rows(keys, np.frombuffer(wanted, dtype=np.uint8)[None])
