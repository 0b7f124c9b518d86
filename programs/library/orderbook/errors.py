"""Errors of the order book, under names of our own; the page maps them to the references'."""

from __future__ import annotations

from ...kit import Errors


class OrderbookError(Errors):
    """Why an order, or anything else about a market, is refused."""

    InvalidTerms = 1, "these terms make no market: sizes and ticks from 1, rebates within the fee"
    WrongAccount = 2, "not the account that the market or the open-orders account names"
    WrongOwner = 3, "only the owner or the delegate of the open-orders account may do this"
    AdminRequired = 4, "this market asks for its admin's signature here"
    MarketExpired = 5, "the market has expired: orders can only be cancelled and funds settled"
    MarketNotExpired = 6, "the market has not expired"
    PriceTooLow = 7, "a price must be at least one tick"
    InvalidQuantity = 8, "give a quantity that the market's lot sizes allow"
    WouldExecutePartially = 9, "the order cannot be filled as far as it demands"
    WouldSelfTrade = 10, "the order would trade with one of the same account"
    WouldCross = 11, "the order would trade at once, and must not"
    BookFull = 12, "the book is full of orders that are as good or better"
    TooManyOrders = 13, "the open-orders account has as many orders as the market allows"
    EventQueueFull = 14, "too many events wait: consume some first"
    MakerAccountMissing = 15, "this market credits makers at once: pass their accounts"
    InsufficientFreeFunds = 16, "the free funds do not cover the order: deposit first"
    OrderNotFound = 17, "there is no such order of this account on the book"
    NoEventSlot = 18, "the event queue has no slot of that number"
    NoOraclePrice = 19, "the oracle's price is missing or too old for a pegged order"
    NotEmpty = 20, "orders, funds or fees are left in the account"
    InvalidOrderType = 21, "an order of this type cannot do that"
