"""Errors of the securitization program."""

from __future__ import annotations

from ...kit import Errors


class SecuritizationError(Errors):
    """What a deal refuses."""

    WrongStage = 1, "the deal is not at the stage that this needs"
    NotOriginator = 2, "the signer is not the deal's originator"
    WrongDeal = 3, "the account is of another deal"
    WrongRank = 4, "tranches are added, and distributed to, in the order of their ranks"
    WrongVault = 5, "a vault is a token account of the deal's mint and authority"
    SoldOut = 6, "the tranche has fewer notes left"
    Unsold = 7, "not all notes are sold"
    Undercollateralized = 8, "the receivables are worth less than the notes"
    NotHolder = 9, "the signer does not own these notes"
    SameHolding = 10, "notes cannot be transferred to the holding that they are in"
    NotEnoughNotes = 11, "the holding has fewer notes"
    NothingOwed = 12, "nothing is owed"
    TooMuch = 13, "more than is outstanding"
    WrongStatus = 14, "the receivable is not performing, or not written off"
    NothingToDistribute = 15, "no time has passed, and nothing was collected"
    InvalidParameter = 16, "an amount of zero, a rate above 100 % or one tranche too many"
