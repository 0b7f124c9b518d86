"""`sealane verify-proof` for people."""

from __future__ import annotations

from ...merkle import AccountContent, ProofDocument, Verdict
from ...primitives.one_line import counted
from ...primitives.pubkey import name_of
from .page import Page, count
from .text import Text


def render_verdict(document: ProofDocument, verdict: Verdict, root: bytes, page: Page) -> None:
    """Whether the proof holds, then what it proves, then what it only claims."""
    if not verdict.holds:
        page.show(Text(f"✗ the proof does not hold: {verdict.reason}", "red"))
    elif verdict.content is None:
        page.show(Text(f"✓ account {verdict.key} does not exist", "green"))
    else:
        page.show(Text(f"✓ account {verdict.key} exists", "green"))
        _show_account(verdict.content, verdict, page)
    if document.root != root:
        page.show(Text(f"it is said to be for root {document.root.hex()}", "yellow"))
    said = f"said to be of block {count(document.height)}, state roots of kind {document.root_kind}"
    page.show(Text(said, "dim"))


def _show_account(content: AccountContent, verdict: Verdict, page: Page) -> None:
    owner = name_of(content.owner) or str(content.owner)
    data = counted(content.data_len, "byte")
    carried = "in the proof" if verdict.data is not None else "not in the proof"
    parts = (
        counted(content.lamports, "lamport"),
        f"owner {owner}",
        *(["executable"] if content.executable else []),
    )
    page.show(Text(" · ".join(parts)))
    if content.data_len:
        page.show(Text(f"{data} of data, {carried}: sha256 {content.data_hash.hex()}"))
