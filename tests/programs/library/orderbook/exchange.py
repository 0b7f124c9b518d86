"""A market on a chain of one process, and its traders by name."""

from __future__ import annotations

from typing import Any, Final

from sealane import Instruction, Pubkey
from sealane.programs.library.orderbook import (
    NOBODY,
    ORDERBOOK_ID,
    Book,
    EventQueue,
    Market,
    MarketFees,
    MarketTerms,
    NewOrder,
    OpenOrders,
    OrderResult,
    OrderType,
    Side,
    orderbook,
)
from sealane.programs.library.orderbook.engine import EventSlots, OrderBook, RestingOrder
from sealane.programs.library.token import AccountState, Mint, TokenAccount
from sealane.testing import Vm
from sealane.testing.vm import VmReceipt

RICH: Final = 10**18
AUTHORITY: Final = Pubkey.find_program_address([b"authority", Pubkey.of("market")], ORDERBOOK_ID)[0]
PARTS: Final = {"market": "market", "book": "book", "fees": "fees"}
VAULTS: Final = {"base_vault": "base_vault", "quote_vault": "quote_vault", "authority": AUTHORITY}


class Exchange:
    """`events=0`: a market that credits makers at once. Traders are set up when first named."""

    def __init__(
        self,
        vm: Vm,
        *,
        capacity: int = 16,
        events: int = 16,
        wallet: int = RICH,
        decimals: int = 0,
        **terms: Any,
    ) -> None:
        self.vm = vm
        self.wallet = wallet
        self.makers: list[str] = []  # passed with each order
        self._events = events
        self._traders: list[str] = []
        self.orders_admin: str | None = None
        self.events_admin: str | None = None
        self.oracle: str | None = None
        self.delegate: str | None = None  # of accounts opened from now on
        pegs = int(terms.get("peg_capacity", 0))
        for mint in ("base", "quote"):
            vm.set_account(mint, data=Mint(decimals=decimals, is_initialized=True), lamports=1)
            self.put_tokens(f"{mint}_vault", mint, AUTHORITY, 0)
        sizes = {
            "market": Market.layout_size,
            "book": Book.space(capacity, pegs),
            "fees": MarketFees.layout_size,
            "events": EventQueue.space(events),
        }
        for name, size in sizes.items():
            if name != "events" or events:
                vm.set_account(name, owner="orderbook", data=bytes(size), lamports=1)
        vm.airdrop("payer", 10**9)
        create = orderbook.create_market(
            **PARTS,
            base_mint="base",
            quote_mint="quote",
            base_vault="base_vault",
            quote_vault="quote_vault",
            events=self._queue(),
            terms=MarketTerms(**{"fees_admin": "sweeper"} | terms),
        )
        vm.send(create, payer="payer")

    def put_tokens(self, name: str, mint: str, owner: str | Pubkey, amount: int) -> None:
        held = TokenAccount(mint=mint, owner=owner, amount=amount, state=AccountState.Initialized)
        self.vm.set_account(name, data=held, lamports=1)

    def join(self, trader: str) -> str:
        """The trader's open-orders account; opened, with two rich wallets, if it is new."""
        account = f"{trader}'s orders"
        if trader not in self._traders:
            self._traders.append(trader)
            self.vm.airdrop(trader, 10**9)
            for mint in ("base", "quote"):
                self.put_tokens(f"{trader}'s {mint}", mint, trader, self.wallet)
            size = OpenOrders.layout_size
            self.vm.set_account(account, owner="orderbook", data=bytes(size), lamports=1)
            create = orderbook.create_open_orders(
                market="market",
                open_orders=account,
                trader=trader,
                delegate=None if self.delegate is None else Pubkey.of(self.delegate),
            )
            self.vm.send(create, payer="payer")
        return account

    def order(
        self, trader: str, side: Side, price: int = 0, lots: int | None = None, **more: Any
    ) -> OrderResult:
        """Place an order, from the wallet where free funds do not suffice."""
        return self.try_order(trader, side, price, lots, **more).expect()

    def try_order(
        self, trader: str, side: Side, price: int = 0, lots: int | None = None, **more: Any
    ) -> Answer:
        return Answer(self.vm.try_send(self.order_call(trader, side, price, lots, **more)))

    def order_call(
        self, trader: str, side: Side, price: int = 0, lots: int | None = None, **more: Any
    ) -> Instruction:
        """The call of place_order, or of another instruction by `how`."""
        how = more.pop("how", "place_order")
        fields: dict[str, Any] = {"order_type": OrderType.Limit} | more
        fields |= {"side": side, "price": price}
        if lots is not None:
            fields["base_lots"] = lots
        signer: str = fields.pop("signer", trader)
        expected: int = fields.pop("expected_lots", 0)
        accounts: dict[str, Any] = PARTS | {
            "owner": signer,
            "events": self._queue(),
            "oracle": self.oracle,
            "orders_admin": self.orders_admin,
            "makers": [self.join(name) for name in self.makers],
            "order": NewOrder(**fields),
        }
        if how != "take_order":
            accounts["open_orders"] = self.join(trader)
        self.join(trader)
        if how == "edit_order":
            accounts |= {"client_id": fields["client_id"], "expected_lots": expected}
        if how in ("place_order", "edit_order"):
            token = "quote" if side is Side.Bid else "base"
            self.join(signer)
            accounts |= {"wallet": f"{signer}'s {token}", "vault": f"{token}_vault"}
        elif how != "place_with_free_funds":
            accounts |= self.wallets(trader) | VAULTS
        return getattr(orderbook, how)(**accounts)

    def cancel(self, trader: str, how: str = "cancel_all", **arguments: Any) -> VmReceipt:
        call = getattr(orderbook, how)(
            market="market",
            book="book",
            open_orders=self.join(trader),
            owner=arguments.pop("signer", trader),
            **arguments,
        )
        return self.vm.send(call)

    def deposit(self, trader: str, base: int = 0, quote: int = 0) -> VmReceipt:
        return self.vm.send(
            orderbook.deposit(
                market="market",
                open_orders=self.join(trader),
                owner=trader,
                base_vault="base_vault",
                quote_vault="quote_vault",
                base=base,
                quote=quote,
                **self.wallets(trader),
            )
        )

    def settle_call(
        self,
        trader: str,
        referrer: str | None = None,
        signer: str | None = None,
        to: str | None = None,
    ) -> Instruction:
        accounts: dict[str, Any] = self.wallets(to or trader) | VAULTS
        accounts |= {"market": "market", "fees": "fees", "open_orders": self.join(trader)}
        accounts["owner"] = signer or trader
        if referrer is None:
            return orderbook.settle_funds(**accounts)
        return orderbook.settle_with_referrer(**accounts, referrer=referrer)

    def settle(self, trader: str, referrer: str | None = None) -> VmReceipt:
        return self.vm.send(self.settle_call(trader, referrer))

    def sweep(self, destination: str = "sweeper's quote") -> VmReceipt:
        self.join("sweeper")
        return self.vm.send(
            orderbook.sweep_fees(
                market="market",
                fees="fees",
                admin="sweeper",
                destination=destination,
                quote_vault="quote_vault",
                authority=AUTHORITY,
            )
        )

    def consume(self, *makers: str, slots: list[int] | None = None) -> VmReceipt:
        call = self.consume_call(*makers, slots=slots)
        return self.vm.send(call, payer="payer")

    def consume_call(self, *makers: str, slots: list[int] | None = None) -> Instruction:
        accounts: dict[str, Any] = {
            "market": "market",
            "events": "events",
            "fees": "fees",
            "events_admin": self.events_admin,
            "makers": [self.join(name) for name in makers],
        }
        if slots is None:
            return orderbook.consume_events(events_max=10, **accounts)
        return orderbook.consume_given_events(slots=slots, **accounts)

    def wallets(self, trader: str) -> dict[str, Any]:
        return {"base_wallet": f"{trader}'s base", "quote_wallet": f"{trader}'s quote"}

    def position(self, trader: str) -> OpenOrders:
        return self.vm.read(self.join(trader), OpenOrders)

    @property
    def fees(self) -> MarketFees:
        return self.vm.read("fees", MarketFees)

    def orders(self, side: Side, pegged: bool = False) -> list[RestingOrder]:
        """The orders of a side, best first."""
        data = self.vm.account("book").data
        header = Book.decode(data)
        book = OrderBook(memoryview(data), Book.layout_size, header.capacity, header.peg_capacity)
        return list(book.ladder(side, pegged))

    def levels(self, side: Side) -> list[list[int]]:
        """[price, base lots] from the best on."""
        sums: dict[int, int] = {}
        for order in self.orders(side):
            sums[order.price] = sums.get(order.price, 0) + order.quantity
        return [[price, lots] for price, lots in sums.items()]

    def waiting(self) -> int:
        """How many events are in the queue."""
        data = memoryview(self.vm.account("events").data)
        return len(EventSlots(data, EventQueue.layout_size, EventQueue.decode(data).capacity))

    def tokens(self, name: str) -> int:
        return self.vm.read(name, TokenAccount).amount

    def traders(self) -> list[str]:
        return list(self._traders)

    @property
    def has_events(self) -> bool:
        return self._events > 0

    def _queue(self) -> str | None:
        return "events" if self._events else None


class Answer:
    """What became of an order."""

    def __init__(self, receipt: VmReceipt) -> None:
        self.receipt = receipt

    @property
    def ok(self) -> bool:
        return self.receipt.ok

    @property
    def error(self) -> str | None:
        return None if self.receipt.error is None else self.receipt.error.name

    @property
    def result(self) -> OrderResult:
        returned = self.receipt.return_data
        assert returned is not None, self.receipt.report()
        return OrderResult.decode(returned)

    def expect(self) -> OrderResult:
        assert self.ok, self.receipt.report()
        return self.result


__all__ = ["AUTHORITY", "NOBODY", "PARTS", "RICH", "VAULTS", "Answer", "Exchange"]
