"""What `state --prove` and `verify-proof --json` say of a proof."""

from __future__ import annotations

from base64 import b64encode

from ...merkle import MERKLE_KIND, ProofDocument, Verdict
from ...primitives.exact_integers import exact_integer
from .json_documents import Document


def root_remark(document: ProofDocument, state_root: bytes) -> str:
    """What the root of a proof is to a store with this state root: for people, in a line."""
    root, height = document.root.hex(), document.height
    if document.root == state_root:
        return f"a proof for state root {root}, of block {height}"
    if document.root_kind == MERKLE_KIND:
        why = f"of block {height}: accounts were committed after it"
    else:
        why = f"of kind {document.root_kind}, which proves no account"
    return f"a proof for accounts root {root}; the state root is another, {why}"


def verdict_document(document: ProofDocument, verdict: Verdict, root: bytes) -> Document:
    """The verdict, and what is proven: null where the proof does not hold.

    `claimed` is what the proof says of itself, and nothing proves.
    """
    content = verdict.content
    account: Document | None = None
    if content is not None:
        account = {
            "lamports": exact_integer(content.lamports),
            "owner": str(content.owner),
            "executable": content.executable,
            "data_len": exact_integer(content.data_len),
            "data_sha256": content.data_hash.hex(),
            "data": None if verdict.data is None else b64encode(verdict.data).decode(),
        }
    return {
        "holds": verdict.holds,
        "reason": verdict.reason or None,
        "key": str(verdict.key),
        "root": root.hex(),
        "exists": content is not None if verdict.holds else None,
        "account": account,
        "claimed": {
            "root": document.root.hex(),
            "height": exact_integer(document.height),
            "root_kind": document.root_kind,
        },
    }
