"""Lints a loaded block: finds, prices, ranks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ...ingest.loaded_block import LoadedBlock
from ...ingest.sei.recording import SeiRecording
from ...ingest.solana.recording import SolanaRecording
from ...primitives import Pubkey, UsageError
from ...scheduler.access import READ, WRITE
from .executed import lint_executed
from .finding import Finding, Found
from .pricing import Change, Prices
from .recorded import lint_recorded
from .result import Lint, LintedAccount
from .sei_block import lint_sei


def lint(loaded: LoadedBlock, *, progress: Callable[[int], None] | None = None) -> Lint:
    """Compare what a block's transactions declare with what they touch, and price the difference.

    A fixture is executed, serially and in this process. A recorded Solana block is not: found is
    what it proves. Of a block of Sei it is what its store events and its declarations show.
    `progress` is called with how much is done of twice the number of transactions.
    Raises UsageError for a block with transactions that name only their locks and for one that was
    pickled, InputError for a recorded one that is malformed where a plan does not look.

    >>> import sealane
    >>> limit = b'program: compute_budget, data: "hex:02400d0300"'  # takes no account
    >>> declared = b"accounts: [{key: bob, writable: true}]"
    >>> transaction = b"{id: t, instructions: [{%b, %b}]}" % (limit, declared)
    >>> block = sealane.load(b"{sealane: 1, transactions: [%b]}" % transaction)
    >>> [(finding.account, str(finding.kind)) for finding in lint(block).findings]
    [('bob', 'unneeded-account')]
    """
    if isinstance(loaded.recorded, SeiRecording):
        return lint_sei(loaded, loaded.recorded.block, progress)
    if isinstance(loaded.recorded, SolanaRecording):
        found, unknown = lint_recorded(loaded.recorded.block, loaded.path, progress)
    elif loaded.recorded is not None:
        chain = loaded.chain.capitalize()
        raise UsageError(
            f"a block of {chain} records what was touched, and no declarations to compare "
            "with it; lint takes fixtures, and blocks of Solana and Sei",
            path=loaded.path,
        )
    elif loaded.is_recorded:
        raise UsageError("a pickled block is without what was recorded; load the file again")
    else:
        found, unknown = lint_executed(loaded, progress)
    priced = _Priced(loaded, found)
    return Lint(
        findings=tuple(priced.findings()),
        accounts=tuple(priced.accounts()),
        transactions=len(loaded),
        before=priced.prices.before,
        after=priced.prices.after(priced.changes),
        writes=_writes(loaded),
        unknown=tuple(unknown),
        notes=tuple(loaded.notes),
    )


def _writes(loaded: LoadedBlock) -> int:
    """How many locks for writing there are, payers' apart."""
    access, recorded = loaded.block.access, loaded.recorded
    if recorded is not None:  # the payer stands first, and is always written
        return int(access.writes.sum()) - len(access)
    pays = access.accounts == loaded.block.payers[access.positions]
    return int(((access.kinds_of(slice(None)) != READ) & ~pays).sum())


class _Priced:
    """Findings with their prices. What has no account has no price."""

    def __init__(self, loaded: LoadedBlock, found: Sequence[Found]) -> None:
        self._loaded = loaded
        self._found = found
        self._ids = _ids(loaded, {each.key for each in found if each.key is not None})
        self.prices = Prices(loaded.schedule())
        self.changes = [self._change(each, each.key) for each in found if each.key is not None]

    def findings(self) -> list[Finding]:
        findings = list(map(self._finding, self._found))
        return sorted(findings, key=Finding.rank)

    def accounts(self) -> list[LintedAccount]:
        """The unneeded ones by account."""
        changes: dict[Pubkey, list[Change]] = {}
        for each in self._found:
            if each.key is not None and not each.kind.is_undeclared:
                changes.setdefault(each.key, []).append(self._change(each, each.key))
        accounts = [
            LintedAccount(self._name(key), len(listed), self.prices.of_unlocking(listed))
            for key, listed in changes.items()
        ]
        return sorted(accounts, key=lambda each: (*each.saved.rank(), -each.transactions))

    def _finding(self, found: Found) -> Finding:
        key = found.key
        return Finding(
            transaction=self._loaded.ids[found.position],
            account=None if key is None else self._name(key),
            kind=found.kind,
            mend=found.mend,
            reason=self._loaded.in_names(found.reason),
            saved=None if key is None else self.prices.of_one(self._change(found, key)),
        )

    def _change(self, found: Found, key: Pubkey) -> Change:
        kind = None if found.lock is None else WRITE if found.lock else READ
        return Change(found.position, self._ids[key], kind)

    def _name(self, key: Pubkey) -> str:
        return self._loaded.name_of(key)


def _ids(loaded: LoadedBlock, keys: Iterable[Pubkey]) -> dict[Pubkey, int]:
    """The id of each key; new ones for accounts that the block does not lock."""
    known = {key: account for account, key in enumerate(loaded.block.keys)}
    new = sorted(key for key in keys if key not in known)
    return known | {key: len(known) + place for place, key in enumerate(new)}
