"""A program of a user's own, which a node executes on its workers: `--program tally_program:tally`.

Imported by nodes from its folder, so it knows nothing of the tests.
"""

from __future__ import annotations

from sealane.programs import Mut, Program, Signer, UncheckedAccount, u64

tally = Program("tally")


@tally.instruction(tag=0)
def touch(paper: Mut[UncheckedAccount], by: Signer, mark: u64) -> None:
    """Changes nothing, but locks the paper."""
    del by, mark
    paper.lamports += 0
