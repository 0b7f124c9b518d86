"""Small documents of Sei, for tests to read and to alter."""

from __future__ import annotations

from typing import Any, Final

# Addresses of 20 bytes: 0x11…, 0x22…, and a validator 0x33…; and a contract's.
ALICE: Final = "sei1zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3v3x55w"
BOB: Final = "sei1yg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3zrvrjue"
VALIDATOR: Final = "seivaloper1xvenxvenxvenxvenxvenxvenxvenxven0a9pgm"
CONTRACT: Final = "sei14hj2tavq8fpesdwxxcu44rty3hh90vhujrvcmstl4zr3txmfvw9sh9m79m"
SEND: Final = "cosmos.bank.v1beta1.MsgSend"
COMMIT_OP: Final = {
    "access_type": "COMMIT",
    "resource_type": "ANY",
    "identifier_template": "*",
}


def op(text: str) -> dict[str, str]:
    """`READ KV_BANK a` as the chain's JSON has it."""
    access, resource, identifier = text.split(" ")
    return {
        "access_type": access,
        "resource_type": resource,
        "identifier_template": identifier,
    }


def ops(*texts: str) -> list[dict[str, str]]:
    return [*(op(each) for each in texts), COMMIT_OP]


def send(sender: str, receiver: str) -> dict[str, Any]:
    return {"@type": f"/{SEND}", "from_address": sender, "to_address": receiver}


def sends(*pairs: tuple[str, str]) -> dict[str, Any]:
    """A block of transfers, each of which writes the two balances."""
    mapping = {
        "message_key": SEND,
        "access_ops": ops(
            "WRITE KV_BANK_BALANCES {from_address}", "WRITE KV_BANK_BALANCES {toAddress}"
        ),
    }
    return {
        "message_dependency_mapping": [mapping],
        "transactions": [{"messages": [send(*pair)]} for pair in pairs],
    }


def wasm_op(text: str, selector: str = "NONE", argument: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"operation": op(text), "selector_type": selector}
    return found if argument is None else found | {"selector": argument}
