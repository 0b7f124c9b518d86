"""The reference page: its sessions run, and its tables are complete and true."""

from __future__ import annotations

import re

import pytest

import sealane.testing
from sealane.primitives.failure import Errors, InstructionErrors, TransactionErrors
from sealane.programs import ACCOUNT_DATA_LEN_MAX, Context, kit
from sealane.programs.kit.program.program import DATA_GROWTH_MAX
from sealane.runtime.block import limits
from sealane.testing import Vm, VmReceipt
from sealane.wire import compute_budget

from . import documented

PAGE = documented.DOCS / "programs.md"
TEXT = PAGE.read_text(encoding="utf-8")
# Constants and types that only annotate what other names already say.
NOT_FOR_TABLES = {
    "ACCOUNT_DATA_LEN_MAX",
    "CLOCK_ID",
    "RECENT_BLOCKHASHES_ID",
    "RENT_ID",
    "SEED_LEN_MAX",
    "Instruction",
    "InstructionErrors",
    "InstructionSpec",
    "Rent",
    "SeedError",
    "Sysvars",
}


@pytest.mark.slow
def test_the_sessions_run() -> None:
    assert documented.run_sessions(PAGE) > 40


def test_every_fence_is_a_session() -> None:
    assert {fence.language for fence in documented.fences(PAGE)} == {"pycon"}


@pytest.mark.parametrize("errors", [InstructionErrors, TransactionErrors])
def test_every_error_has_its_row(errors: type[Errors]) -> None:
    rows = [f"| {error.code} | `{error.name}` | {error.message} |" for error in errors]
    assert "\n".join(rows) in TEXT


def test_errors_that_are_named_exist() -> None:
    section = TEXT.partition("## Errors\n")[2].partition("### All errors")[0]
    cells = [row.rpartition(" | ")[2] for row in section.splitlines() if row.startswith("| ")]
    named = {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}
    assert len(named) > 15
    assert named <= set(InstructionErrors.__members__)


def public(names: object) -> list[str]:
    return [name for name in vars(names) if not name.startswith("_")]


@pytest.mark.parametrize(
    "name",
    [
        *sorted(set(kit.__all__) - NOT_FOR_TABLES),
        *public(Context),
        *(name for name in public(Vm) if name not in {"raised", "shown"}),
        *("last", "sent", "runtime"),  # attributes of a Vm
        *(name for name in VmReceipt.__dataclass_fields__ if name not in {"id", "wave", "names"}),
    ],
)
def test_every_public_name_is_there(name: str) -> None:
    code = " ".join(re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL)))
    assert re.search(rf"\b{name}\b", code), f"docs/programs.md does not tell of {name}"


def test_limits_are_those_enforced() -> None:
    section = TEXT.partition("### Limits")[2].partition("\n## ")[0]
    stated = [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\b", section)]
    assert stated == [
        compute_budget.COMPUTE_UNITS_PER_INSTRUCTION,
        compute_budget.COMPUTE_UNITS_MAX,
        limits.CALL_DEPTH_MAX - 1,
        limits.INSTRUCTION_TRACE_MAX,
        limits.ACCOUNT_LOCKS_MAX,
        limits.INSTRUCTION_ACCOUNTS_MAX,
        ACCOUNT_DATA_LEN_MAX,
        DATA_GROWTH_MAX,
        limits.ACCOUNT_DATA_GROWTH_MAX,
        limits.BLOCK_DATA_GROWTH_MAX,
        limits.RETURN_DATA_MAX,
        limits.LOG_BYTES_MAX,
    ]


def test_the_testing_package_exports_what_it_lists() -> None:
    for name in sealane.testing.__all__:
        assert getattr(sealane.testing, name).__name__ == name
    with pytest.raises(AttributeError, match="has no attribute 'Virtual'"):
        _ = sealane.testing.Virtual  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]
