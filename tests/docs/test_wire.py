"""The page of signed transactions states the limits and lengths that hold."""

from __future__ import annotations

import pytest

from sealane.signatures.schemes import PUBLIC_KEY_LEN, SIGNATURE_LEN, Scheme
from sealane.wire.decoding import ACCOUNTS_MAX
from sealane.wire.signed_transaction import (
    INSTRUCTIONS_MAX,
    MESSAGE_LEN_MAX,
    SCHEME_BYTES,
    TRANSACTION_LEN_MAX,
    WITNESSES_MAX,
)

from . import documented

TEXT = (documented.DOCS / "wire.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "stated",
    [
        f"| a message | {MESSAGE_LEN_MAX:,} bytes |",
        f"| an envelope | {WITNESSES_MAX} witnesses |",
        f"| all | {TRANSACTION_LEN_MAX:,} bytes |",
        f"how many witnesses, 1 to {WITNESSES_MAX} |",
        f"how many accounts, {ACCOUNTS_MAX} at most |",
        f"how many instructions, {INSTRUCTIONS_MAX} at most |",
        *(f"`{byte:02x}` for `{scheme}`" for scheme, byte in SCHEME_BYTES.items()),
    ],
)
def test_limits_are_those_that_hold(stated: str) -> None:
    assert stated in TEXT


@pytest.mark.parametrize("scheme", [Scheme.ED25519, Scheme.ML_DSA_44])
def test_lengths_are_those_of_the_schemes(scheme: Scheme) -> None:
    (row,) = [line for line in TEXT.splitlines() if line.startswith(f"| `{scheme}` |")]
    assert f"| {PUBLIC_KEY_LEN[scheme]:,} bytes | {SIGNATURE_LEN[scheme]:,} bytes |" in row
