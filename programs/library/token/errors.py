"""Errors of the token program: SPL Token's TokenError, with the same names and codes."""

from __future__ import annotations

from ...kit import Errors


class TokenError(Errors):
    """SPL Token's own errors."""

    NotRentExempt = 0, "lamport balance below rent-exempt threshold"
    InsufficientFunds = 1, "insufficient funds"
    InvalidMint = 2, "invalid mint"
    MintMismatch = 3, "account not associated with this mint"
    OwnerMismatch = 4, "owner does not match"
    FixedSupply = 5, "the supply of this mint is fixed"
    AlreadyInUse = 6, "account is initialized already"
    InvalidNumberOfProvidedSigners = 7, "a multisig has 1 to 11 signers"
    InvalidNumberOfRequiredSigners = 8, "a multisig requires 1 to 11 signatures"
    UninitializedState = 9, "state is uninitialized"
    NativeNotSupported = 10, "instruction does not support native tokens"
    NonNativeHasBalance = 11, "only an account without tokens can be closed, unless they are native"
    InvalidInstruction = 12, "invalid instruction"
    InvalidState = 13, "state is invalid for requested operation"
    Overflow = 14, "operation overflowed"
    AuthorityTypeNotSupported = 15, "account does not support specified authority type"
    MintCannotFreeze = 16, "this mint cannot freeze accounts"
    AccountFrozen = 17, "account is frozen"
    MintDecimalsMismatch = 18, "the decimals given differ from the mint's"
    NonNativeNotSupported = 19, "instruction does not support non-native tokens"
