"""Transactions as bytes: Solana's wire format, and what is signed of them."""

from .encoding import SigningKey, encode_message, required_signers, sign_transaction
from .signed_transaction import SignedTransaction, Witness, decode_signed, encode_signed

__all__ = [
    "SignedTransaction",
    "SigningKey",
    "Witness",
    "decode_signed",
    "encode_message",
    "encode_signed",
    "required_signers",
    "sign_transaction",
]
