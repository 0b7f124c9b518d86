"""What sealane.wire offers, and nothing beside."""

from __future__ import annotations

from sealane import wire


def test_the_names_are_these() -> None:
    assert sorted(wire.__all__) == [
        "SignedTransaction",
        "SigningKey",
        "Witness",
        "decode_signed",
        "encode_message",
        "encode_signed",
        "required_signers",
        "sign_transaction",
    ]
    assert all(getattr(wire, name).__doc__ for name in wire.__all__)
