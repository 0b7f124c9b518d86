"""What a transaction that succeeded locks without need: found by a recording, proved by a trial.

    declared          recorded                 tried out                       then
    writable          never read or written    without the account             unneeded-account
    writable          never written            locked read-only                unneeded-write
    read-only         never read               without the account             unneeded-account
    read-only         never read               fails: its place is demanded    unneeded-account, as
                                               by the instruction's signature  only its key matters

Only a trial that ends as the transaction did counts: the same receipt and the same accounts. So a
program that insists on a right, or writes what was there already, needs what it declares. Never
looked at: the payer, who always pays; for reading, whoever signs, and what no transaction can
write. Does not: say what another state of the accounts would need.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...primitives import Pubkey
from ...runtime.svm.recorder import Call, Recording, Touch
from .draft import Draft, Ending
from .finding import Found, Kind, Mend


def find_unneeded(draft: Draft, recording: Recording) -> list[Found]:
    """What could be taken away, all of it together. `recording` is that of the transaction."""
    suspects = [touch for touch in recording.accounts.values() if _is_suspect(touch, draft)]
    if not suspects:
        return []
    usual = draft.run()
    found: list[Found] = []
    for touch in suspects:
        mended = _tried(draft, touch, usual)
        if mended is not None:
            draft, kind = mended
            demanded = kind is Kind.UNNEEDED_WRITE and touch.key in _demanded(recording.calls)
            mend = Mend.PROGRAM if demanded else Mend.DECLARATION
            found.append(_found(draft.position, touch.key, kind, mend))
        elif not touch.writable:
            found.append(_found(draft.position, touch.key, Kind.UNNEEDED_ACCOUNT, Mend.PROGRAM))
    return found


def _is_suspect(touch: Touch, draft: Draft) -> bool:
    if touch.changed or touch.key == draft.payer:
        return False
    if touch.writable:
        return True
    return not (touch.read or draft.accounts[touch.key].signer or draft.is_constant(touch.key))


def _tried(draft: Draft, touch: Touch, usual: Ending) -> tuple[Draft, Kind] | None:
    """The draft with as little as does the same, if that is less than it declares."""
    key = touch.key
    if not touch.read and not draft.accounts[key].signer:
        without = draft.without(key)
        if without.run() == usual:
            return without, Kind.UNNEEDED_ACCOUNT
    if touch.writable:
        reading = draft.locking(key, write=False)
        if reading.run() == usual:
            return reading, Kind.UNNEEDED_WRITE
    return None


def _demanded(calls: list[Call]) -> set[Pubkey]:
    """The accounts for which the signature of an instruction says `Mut[…]`."""
    return {key for call in calls for key, writable in _bound(call) if writable}


def _bound(call: Call) -> Iterator[tuple[Pubkey, bool]]:
    """The accounts that the call's signature names, and whether it names them as `Mut[…]`."""
    spec = call.program.find_instruction(call.data)
    for index, parameter in enumerate(() if spec is None else spec.accounts):
        taken = call.accounts[index:] if parameter.variadic else call.accounts[index : index + 1]
        yield from ((meta.key, parameter.writable) for meta in taken)


_REASONS: Mapping[tuple[Kind, Mend], str] = {
    (Kind.UNNEEDED_WRITE, Mend.DECLARATION): "declared writable, never written",
    (Kind.UNNEEDED_WRITE, Mend.PROGRAM): "Mut[…] in the instruction's signature, never written",
    (Kind.UNNEEDED_ACCOUNT, Mend.DECLARATION): "declared, never looked at",
    (Kind.UNNEEDED_ACCOUNT, Mend.PROGRAM): "in the instruction's signature for its key alone",
}


def _found(position: int, key: Pubkey, kind: Kind, mend: Mend) -> Found:
    lock = False if kind is Kind.UNNEEDED_WRITE else None
    return Found(position, key, kind, mend, lock, _REASONS[kind, mend])
