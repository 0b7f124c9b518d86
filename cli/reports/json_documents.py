"""The JSON documents that commands print: keys and their order.

Guarantees: every integer above 2^53 is a string, since many JSON parsers would round it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any

from ...primitives import Account, Failure, Pubkey
from ...primitives.exact_integers import exact_integer
from ...runtime import Receipt, Result
from ...runtime.verification import Verification
from ...signatures.block_signatures import SignatureReport
from ...testing.checked_runs.fixture_run import FixtureRun
from ...testing.checked_runs.prepared_replay import PreparedReplay, Replayed, held_text
from ...testing.checked_runs.replay_check import HashCheck

Document = dict[str, Any]


def run_document(
    file: str, run: FixtureRun, load_s: float, signatures: SignatureReport | None = None
) -> Document:
    """`run --json`. Signatures only if they were to be verified."""
    names = run.built.names
    keys = {name: key for key, name in names.by_key.items()}
    accounts = {name: account_document(keys[name], state) for name, state in run.accounts.items()}
    expectations = {"passed": run.check.passed, "failed": run.check.failed}
    document = _result_document(file, run.result, accounts, expectations, load_s, names.in_text)
    return document | signatures_document(signatures)


def replay_document(
    file: str, replay: PreparedReplay, replayed: Replayed, load_s: float
) -> Document:
    """`replay --json`: as for `run`, plus the checks; of a file with cases, the case, too.

    Signatures only if they were to be verified.
    """
    check, named = replayed.check, replay.in_names
    accounts = {
        named(str(key)): account_document(key, state) | _value(replay, state)
        for key, state in replayed.accounts.items()
    }
    nothing: Document = {"passed": 0, "failed": []}
    document = _result_document(file, replayed.result, accounts, nothing, load_s, named)
    mismatches = [
        {"transaction": m.transaction, "account": m.account, "message": m.message}
        for m in check.mismatches
    ]
    for transaction in document["transactions"]:
        # Rent leaves with the fee, the only way that lamports can leave a block.
        rent = check.rent.get(transaction["id"], 0)
        transaction["fee"] = exact_integer(int(transaction["fee"]) - rent)
    rent = exact_integer(sum(check.rent.values()))
    case = {} if replay.case is None else {"case": replay.case}
    checked = {"rent": rent, "checked": check.checked, "mismatches": mismatches}
    return document | case | checked | signatures_document(replayed.signatures)


def signatures_document(found: SignatureReport | None) -> Document:
    """What came of verifying signatures; nothing where they were not."""
    if found is None:
        return {}
    return {
        "signatures": {
            "verified": found.verified,
            "wrong": [each._asdict() for each in found.wrong],
            "unchecked": [each._asdict() for each in found.unchecked],
        }
    }


def _value(replay: PreparedReplay, account: Account) -> Document:
    """What an account holds that stands for something else."""
    return {"value": held_text(account)} if replay.names else {}


def account_document(key: Pubkey, account: Account) -> Document:
    return {
        "key": str(key),
        "lamports": exact_integer(account.lamports),
        "owner": str(account.owner),
        "data": b64encode(account.data).decode(),
    }


def _result_document(
    file: str,
    result: Result,
    accounts: Document,
    expectations: Document,
    load_s: float,
    named: Callable[[str], str] = str,
) -> Document:
    """The document of a result. `named` replaces keys in a text by the file's names."""
    timing = result.timing
    return {
        "file": file,
        "transactions": [_receipt_document(receipt, named) for receipt in result.transactions],
        "accounts": accounts,
        # The earlier run's waves are not reported either: nothing ran now.
        "waves": [] if result.skipped else result.waves,
        "state_root": result.state_root,
        "expectations": expectations,
        "timing": {
            "load_s": round(load_s, 6),
            "schedule_s": round(timing.schedule_s, 6),
            "execute_s": round(timing.execute_s, 6),
            "commit_s": round(timing.commit_s, 6),
        },
        "workers": result.workers,
        "route": result.route,
        "tries": [each._asdict() for each in result.tries],
        "height": result.height,
        "skipped_for": result.skipped_for,
        "speed_up": result.speed_up,
    }


def _receipt_document(receipt: Receipt, named: Callable[[str], str]) -> Document:
    returned = receipt.return_data
    return {
        "id": receipt.id,
        "wave": receipt.wave,
        "status": receipt.status,
        "error": None if receipt.error is None else _failure_document(receipt.error, named),
        "compute_units": exact_integer(receipt.compute_units),
        "fee": exact_integer(receipt.fee),
        "logs": list(receipt.logs),
        "return_data": None if returned is None else b64encode(returned).decode(),
    }


def _failure_document(failure: Failure, named: Callable[[str], str]) -> Document:
    account = None if failure.account is None else named(failure.account)
    return failure._replace(message=named(failure.message), account=account).to_json()


def verify_document(
    file: str,
    verification: Verification,
    case: str | None = None,
    list_hash: HashCheck | None = None,
    signatures: SignatureReport | None = None,
) -> Document:
    """`verify --json`. Of Ethereum also the hash of its access list, in the header and computed."""
    return {
        "file": file,
        **({} if case is None else {"case": case}),
        "variants": list(verification.variants),
        "differences": [
            {
                "variant": difference.variant,
                "transaction": difference.transaction,
                "account": difference.account,
                "expected": difference.expected,
                "actual": difference.actual,
                "message": difference.message,
            }
            for difference in verification.differences
        ],
        **({} if list_hash is None else {"list_hash": list_hash._asdict()}),
        **signatures_document(signatures),
    }
