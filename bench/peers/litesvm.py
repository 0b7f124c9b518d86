"""LiteSVM from solders: the Solana virtual machine in Rust, in this process.

The only module here that imports solders, which the extra `bench` installs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final

from ...primitives import InternalError, Pubkey
from ...primitives.extras import how_to_install
from . import presence

if TYPE_CHECKING:
    from solders.litesvm import LiteSVM
    from solders.transaction import VersionedTransaction

_INSTALL: Final = how_to_install("bench")

Pays = tuple[Pubkey, Pubkey, int]


def why_absent() -> str | None:
    """Why LiteSVM cannot take part; None if it can."""
    return presence.why_absent("solders.litesvm", _INSTALL)


def is_installed() -> bool:
    """Whether LiteSVM can be imported."""
    return why_absent() is None


def unsigned_transfers(pays: Iterable[Pays], lamports_each: int) -> Callable[[], None]:
    """A function that sends these transfers, built beforehand, to a machine that checks no
    signatures. Every account starts with `lamports_each`."""
    from solders.hash import Hash
    from solders.message import Message
    from solders.pubkey import Pubkey as Key
    from solders.signature import Signature
    from solders.system_program import TransferParams, transfer
    from solders.transaction import VersionedTransaction

    svm = machine(sigverify=False)
    keys: dict[Pubkey, Key] = {}
    nowhen, nobody = Hash.default(), [Signature.default()]
    transactions: list[VersionedTransaction] = []
    for source, destination, lamports in pays:
        payer, payee = (keys.setdefault(key, Key(key)) for key in (source, destination))
        call = transfer(TransferParams(from_pubkey=payer, to_pubkey=payee, lamports=lamports))
        message = Message.new_with_blockhash([call], payer, nowhen)
        transactions.append(VersionedTransaction.populate(message, nobody))
    _place(svm, keys.values(), lamports_each)
    return _sender(svm, transactions)


def signed_transfers(count: int, lamports_each: int) -> Callable[[], None]:
    """The same with signatures, made beforehand and checked. It uses its own accounts, since those
    of the other contestants have no private keys."""
    from solders.hash import Hash
    from solders.keypair import Keypair
    from solders.message import Message
    from solders.system_program import TransferParams, transfer
    from solders.transaction import VersionedTransaction

    svm = machine(sigverify=True)
    pairs = [Keypair.from_seed(number.to_bytes(32, "little")) for number in range(2 * count)]
    nowhen = Hash.default()
    transactions: list[VersionedTransaction] = []
    for payer, payee in zip(pairs[::2], pairs[1::2], strict=True):
        parameters = TransferParams(
            from_pubkey=payer.pubkey(), to_pubkey=payee.pubkey(), lamports=1
        )
        message = Message.new_with_blockhash([transfer(parameters)], payer.pubkey(), nowhen)
        transactions.append(VersionedTransaction(message, [payer]))
    _place(svm, (pair.pubkey() for pair in pairs), lamports_each)
    return _sender(svm, transactions)


def machine(*, sigverify: bool) -> LiteSVM:
    """A machine without blockhash check and history, so that transfers can be repeated."""
    from solders.litesvm import LiteSVM

    plain = LiteSVM().with_sigverify(sigverify).with_blockhash_check(False)
    return plain.with_transaction_history(0)


def _place(svm: LiteSVM, keys: Iterable[object], lamports: int) -> None:
    from solders.account import Account
    from solders.pubkey import Pubkey as Key

    account = Account(lamports, b"", Key.default())
    for key in keys:
        if isinstance(key, Key):
            svm.set_account(key, account)


def _sender(svm: LiteSVM, transactions: Sequence[VersionedTransaction]) -> Callable[[], None]:
    from solders.transaction_metadata import FailedTransactionMetadata

    def send_all() -> None:
        send = svm.send_transaction
        for transaction in transactions:
            send(transaction)

    # Checked once, outside the timing: checking after each would slow LiteSVM down.
    for transaction in transactions:
        outcome = svm.send_transaction(transaction)
        if isinstance(outcome, FailedTransactionMetadata):
            raise InternalError(f"LiteSVM was set up wrongly: {outcome}")
    return send_all
