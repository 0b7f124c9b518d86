"""Signature schemes: keys, signing and verifying, one library to each rule."""

from .block_signatures import (
    BlockSignatures,
    SignatureReport,
    SignerChecks,
    Unchecked,
    WrongSignature,
)
from .keypair import Keypair
from .schemes import Scheme, SignatureCheck, address_of
from .verifying import verify

__all__ = [
    "BlockSignatures",
    "Keypair",
    "Scheme",
    "SignatureCheck",
    "SignatureReport",
    "SignerChecks",
    "Unchecked",
    "WrongSignature",
    "address_of",
    "verify",
]
