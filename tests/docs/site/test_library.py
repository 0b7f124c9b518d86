"""Pages of the library have all that the programs have."""

from __future__ import annotations

import re

import pytest

from sealane.docs.site.library import LIBRARY, library_page
from sealane.programs import Program, builtin_programs


@pytest.mark.parametrize("program", builtin_programs(), ids=lambda program: program.name)
def test_everything_of_a_program_has_its_place(program: Program) -> None:
    page = library_page(f"{LIBRARY}{program.name}")
    headings = re.findall(r"^### (\w+)$", page, re.MULTILINE)
    assert headings == [*program.instructions, *program.layouts]
    assert page.startswith(f"# `{program.name}`\n")
    assert f"Key: `{program.id}`" in page
    for error in program.errors or ():
        assert f"| {error.code} | `{program.name}.{error.name}` | " in page


def test_a_call_is_told_with_all_that_it_takes() -> None:
    page = library_page(f"{LIBRARY}token")
    transfer = page.partition("\n### transfer\n")[2].partition("\n### ")[0]
    assert "| 0 | `source` | writable |" in transfer
    assert "| `amount` | `u64` | an integer from 0 to 2^64 - 1 |" in transfer
    assert "`token.InsufficientFunds`" in transfer
    assert "```yaml\n- token.transfer: {source: source, " in transfer
