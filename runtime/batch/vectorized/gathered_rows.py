"""The rows of a group: accounts and arguments gathered as columns, and the changes to them.

A row is *excluded* if it meets something rare or forbidden: it is then executed alone, and what was
computed for it here is dropped. `store` writes only the rows that were not excluded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ....primitives import SYSTEM_PROGRAM_ID
from ....programs.kit import Rent
from ....programs.kit.batch.batch import Rights
from ....programs.kit.batch.column_codecs import decode_column
from ....programs.kit.columns.rows import Rows
from ....programs.kit.program.instruction import InstructionSpec
from ...block.block import ADDS, SIGNER, WRITABLE, Block
from ...block.shapes import (
    NO_PAYER_COLUMN,
    Shape,
)
from ...columns.ragged import rows_of
from ...memory.data_places import RowChoice
from ...memory.working_set import WorkingSet
from ...svm.chain_rules.fee import doubtful_payers
from ...svm.chain_rules.rent import becomes_rent_paying, rent_minimums
from ...svm.chain_rules.vanish import must_be_reset
from ..call_signatures import CallSignature
from .gathered_account import GatheredAccount

Positions = NDArray[np.int64]
Lamports = NDArray[np.uint64]


class GatheredRows:
    """The transactions of one group, one row each; see the module's docstring.

    `accounts`: those of the instruction, as columns. `rows`: which rows are excluded.
    """

    def __init__(
        self, block: Block, accounts: WorkingSet, positions: Positions, signature: CallSignature
    ) -> None:
        columns, shape = block.instructions, signature.shape
        calls = columns.offsets.take(positions)
        starts = columns.account_offsets.take(calls)
        ids = np.ascontiguousarray(rows_of(columns.accounts, starts, shape.account_count).T)
        self.rows = Rows(len(positions))
        self.accounts = [
            GatheredAccount(block, accounts, ids[column], adds=bool(flags & ADDS))
            for column, flags in enumerate(shape.flags)
        ]
        self._signature = signature
        self._data = rows_of(columns.data, columns.data_offsets.take(calls), shape.data_len)
        self._payer = self._find_payer(block, accounts, positions, shape)
        self._charges = block.fees.take(positions)
        executable = accounts.columns["executable"].take(ids)
        if executable.any():
            # Programs and other executable accounts have rules of their own.
            self.rows.exclude(executable.any(axis=0))

    def _find_payer(
        self, block: Block, accounts: WorkingSet, positions: Positions, shape: Shape
    ) -> GatheredAccount | None:
        column = shape.payer_column
        if column == NO_PAYER_COLUMN:
            return None
        if column < shape.account_count:
            return self.accounts[column]
        ids = block.payers.take(positions).astype(np.uint32)
        return GatheredAccount(block, accounts, ids)

    def charge_fees(self, payer_owners: Sequence[bytes], rent: Rent) -> None:
        """Debit the payers; excludes rows whose payer cannot pay."""
        payer, charges = self._payer, self._charges
        if payer is None:
            self.rows.exclude(charges != 0)
            return
        self.rows.exclude(payer.held < charges)
        self.rows.exclude(
            doubtful_payers(
                charges, payer.data_lens, payer_owners, payer.only_owner, payer.owned_by
            )
        )
        payer.charge(charges)
        if rent.enforced:
            self._check_rent(payer, payer.held, rent)

    def arguments(self, spec: InstructionSpec) -> dict[str, Any]:
        """The instruction's arguments as columns, by name."""
        columns: dict[str, Any] = {}
        offset = len(spec.tag)
        for argument in spec.arguments:
            size = cast(int, argument.codec.size)
            raw = self._data[:, offset : offset + size]
            columns[argument.name] = decode_column(self.rows, argument.codec, raw)
            offset += size
        return columns

    def given(self) -> list[tuple[GatheredAccount, Rights]]:
        """The instruction's accounts with its rights.

        An account that the handler only reads is not written in nested calls, either.
        """
        spec, shape = self._signature.spec, self._signature.shape
        writable = [parameter.writable for parameter in spec.accounts]
        writable += [False] * (shape.account_count - len(writable))
        rights = [
            Rights(
                spec.program_id,
                signer=bool(flags & SIGNER),
                writable=bool(flags & WRITABLE) and declared,
                adds=bool(flags & ADDS),
            )
            for flags, declared in zip(shape.flags, writable, strict=False)
        ]
        return list(zip(self.accounts, rights, strict=True))

    def check_rules(self, rent: Rent) -> None:
        """Exclude rows that break a rule or empty an account: they are executed alone."""
        changed = [each for each in self.accounts if each.lamports is not each.begun]
        if rent.enforced:
            for account in changed:
                self._check_rent(account, account.begun, rent)
        payer = self._payer
        touched = self.accounts if payer is None else [*self.accounts, payer]
        for account in touched:
            if account.lamports is not account.held and not account.lamports.all():
                self._check_vanished(account)

    def _check_rent(self, account: GatheredAccount, before: Lamports, rent: Rent) -> None:
        minimums = rent_minimums(rent, account.data_lens)
        self.rows.exclude(becomes_rent_paying(before, account.lamports, minimums))

    def _check_vanished(self, account: GatheredAccount) -> None:
        """What resetting an emptied account takes is left to the scalar handler."""
        system_owned = account.owned_by(SYSTEM_PROGRAM_ID)
        self.rows.exclude(
            must_be_reset(account.held, account.lamports, account.data_lens, system_owned)
        )

    def store(self) -> RowChoice:
        """Write the changes of the rows that were not excluded. Returns which those are."""
        stayed = ~self.rows.excluded if self.rows.excluded.any() else slice(None)
        for account in self.accounts:
            account.store(stayed)
        if self._payer is not None and self._payer not in self.accounts:
            self._payer.store(stayed)
        return stayed
