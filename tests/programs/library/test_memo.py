"""The memo program: text, signatures, and its log to the letter."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sealane import Instruction, Pubkey, Receipt
from sealane.programs.library import memo

Send = Callable[..., Receipt]
ALICE = Pubkey.of("alice")


def error_name(receipt: Receipt) -> str | None:
    return None if receipt.error is None else receipt.error.name


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("letters and such", 'Memo (len 16): "letters and such"'),
        ("", 'Memo (len 0): ""'),
        ("🐆", 'Memo (len 4): "🐆"'),
        ('say "hi"\n\\', 'Memo (len 10): "say \\"hi\\"\\n\\\\"'),
        ("it's\x07", 'Memo (len 5): "it\'s\\u{7}"'),
    ],
)
def test_a_memo_is_logged(text: str, line: str, send: Send) -> None:
    receipt = send(memo.add_memo(memo=text.encode()))
    assert receipt.ok
    assert receipt.logs == (f"Program log: {line}",)


def test_text_that_is_not_utf8(send: Send) -> None:
    receipt = send(memo.add_memo(memo=b"ok \xf0\x9f\x90\xff"))
    assert error_name(receipt) == "InvalidInstructionData"
    assert receipt.logs == ("Program log: Invalid UTF-8, from byte 3",)


def test_everybody_who_is_listed_signs(send: Send) -> None:
    call = memo.add_memo(memo=b"yes", signers=["alice", "bob"])
    assert send(call).logs[0] == f"Program log: Signed by {ALICE}"
    first, second = call.accounts
    half = Instruction(call.program_id, (first, second._replace(signer=False)), b"\xff")
    receipt = send(half)
    assert error_name(receipt) == "MissingRequiredSignature"  # before the text is looked at
    assert receipt.logs == (f"Program log: Signed by {ALICE}",)
