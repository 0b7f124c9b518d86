"""Questions about the last committed state: what is answered, and what is refused politely."""

from __future__ import annotations

import json
from typing import Any

import pytest

import sealane
from sealane import Pubkey
from sealane.node import Answer, Application, Code
from sealane.node.queries import KEY_LEN_MAX

from .senders import ALICE, FEE, FUNDS, pay, run_block


def account(answer: Answer) -> dict[str, Any]:
    assert answer.code == 0
    return json.loads(answer.value)


def test_of_the_chain(node: Application) -> None:
    run_block(node)
    info = node.info()
    assert node.query("/height").value == b"1"
    assert node.query("/root").value == info.root
    assert node.query("/blockhash").value == node.blockhash
    assert node.query("/root").height == info.height


def test_an_account_by_key_by_base58_and_by_name(node: Application) -> None:
    run_block(node, pay(node, 400))
    for data in (bytes(ALICE.key), str(ALICE.key).encode()):
        found = account(node.query("/account", data))
        assert found["lamports"] == FUNDS - 400 - FEE
        assert found["key"] == str(ALICE.key)
    assert account(node.query("/account", b"bob"))["lamports"] == 400
    assert account(node.query("/account", b"system"))["executable"] is True


def test_one_that_does_not_exist(node: Application) -> None:
    answer = node.query("/account", b"nobody")
    assert account(answer)["lamports"] == 0
    assert answer.key == bytes(Pubkey.of("nobody"))


def test_great_numbers_are_digits() -> None:
    with sealane.Runtime(workers=0) as runtime:
        node = Application(runtime)
        node.start_chain("test", {ALICE.key: sealane.Account(2**63)})
        assert account(node.query("/account", ALICE.key))["lamports"] == str(2**63)


@pytest.mark.parametrize(
    ("path", "data", "height", "code"),
    [
        ("", b"", 0, Code.UNKNOWN_PATH),
        ("/store", b"", 0, Code.UNKNOWN_PATH),
        ("/account", b"", 0, Code.INVALID_KEY),
        ("/account", b"x" * (KEY_LEN_MAX + 1), 0, Code.INVALID_KEY),
        ("/account", b"\xff", 0, Code.INVALID_KEY),
        ("/height", b"", 2, Code.HEIGHT_NOT_KEPT),
        ("/height", b"", -1, Code.HEIGHT_NOT_KEPT),
    ],
)
def test_others_get_a_code_and_a_reason(
    node: Application, path: str, data: bytes, height: int, code: Code
) -> None:
    run_block(node)
    answer = node.query(path, data, height=height)
    assert (answer.code, answer.codespace) == (code, "sealane")
    assert answer.log.startswith(f"{code.name}: ")
    assert answer.height == 1


def test_a_name_may_be_so_long(node: Application) -> None:
    assert node.query("/account", b"x" * KEY_LEN_MAX).code == 0
