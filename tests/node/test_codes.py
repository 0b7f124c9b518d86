"""Codes: none is 0, each tells what it is about, and the page lists them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sealane import Failure
from sealane.node import Code
from sealane.node.codes import CUSTOM_ZERO, code_of, codespace_of, log_of
from sealane.primitives import InstructionErrors, TransactionErrors

PAGE = Path(__file__).parents[2] / "docs" / "node.md"


@pytest.mark.parametrize(
    ("failure", "codespace", "code"),
    [
        (Failure("token", "InsufficientFunds", 1, "too little"), "token", 1),
        (Failure("token", "NotRentExempt", 0, "too little"), "token", CUSTOM_ZERO),
        (Failure.of_rule(TransactionErrors.InsufficientFundsForFee), "sealane", 1_004),
        (Failure.of_rule(InstructionErrors.GenericError), "sealane", 2_000),
        (Failure.of_rule(InstructionErrors.ComputationalBudgetExceeded), "sealane", 2_037),
    ],
)
def test_a_failure_has_a_codespace_and_a_code(failure: Failure, codespace: str, code: int) -> None:
    assert (codespace_of(failure), code_of(failure)) == (codespace, code)


def test_a_log_begins_with_the_name() -> None:
    failure = Failure("token", "InsufficientFunds", 1, "too little", instruction=2)
    assert log_of(failure) == "token.InsufficientFunds: too little (instruction 2)"


def test_no_two_errors_of_the_runtime_share_a_code() -> None:
    """Nor does any share one with the node's own refusals."""
    rules = [
        Failure.of_rule(each)
        for errors in (TransactionErrors, InstructionErrors)
        for each in errors
    ]
    codes = [code_of(each) for each in rules]
    assert len({*codes, *map(int, Code)}) == len(codes) + len(Code)
    assert not TransactionErrors.__members__.keys() & InstructionErrors.__members__.keys()
    assert all(0 < code < 100 for code in Code)


def test_the_page_lists_every_code() -> None:
    rows = re.findall(
        r"^\| (\d+) \| `([A-Z_]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert {(int(code), name) for code, name in rows} == {(code.value, code.name) for code in Code}
