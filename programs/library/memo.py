"""The memo program: logs a text, after checking that it is UTF-8 and who signed it.

The instruction data is the text, without any tag.

    >>> from sealane.programs.library import memo
    >>> memo.add_memo(memo=b"rent for May").data
    b'rent for May'
"""

from __future__ import annotations

from typing import Annotated, Final

from ..kit import Context, InstructionErrors, Program, Rest, Signs, UncheckedAccount, fail, require

_COMPUTE_UNITS: Final = 500  # an estimate: the real cost depends on the length of the text
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}

memo = Program(
    "memo",
    compute_units=_COMPUTE_UNITS,
    about="logs a text and who signed it",
    trusted=True,
)


@memo.instruction(tag=b"")
def add_memo(ctx: Context, signers: Annotated[list[UncheckedAccount], Signs()], memo: Rest) -> None:
    """Log `memo`, UTF-8. Every account given must have signed."""
    signed = [account for account in signers if account.is_signer]
    for account in signed:
        ctx.log(f"Signed by {account.key}")
    require(len(signed) == len(signers), InstructionErrors.MissingRequiredSignature)
    try:
        text = memo.decode()
    except UnicodeDecodeError as error:
        ctx.log(f"Invalid UTF-8, from byte {error.start}")
        fail(InstructionErrors.InvalidInstructionData, f"the memo is not UTF-8: {error.reason}")
    ctx.log(f"Memo (len {len(memo)}): {_quoted(text)}")


def _quoted(text: str) -> str:
    """The text in quotes on one line, escaped as in the real program's log."""
    return '"' + "".join(map(_shown, text)) + '"'


def _shown(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return character if character.isprintable() else f"\\u{{{ord(character):x}}}"
