"""Addresses, paths into messages, and the keys that Go's expressions stand for."""

from __future__ import annotations

import pytest

from sealane.ingest.sei.mapping.bech32 import VALIDATOR as VALIDATOR_PREFIX
from sealane.ingest.sei.mapping.bech32 import address_bytes
from sealane.ingest.sei.mapping.go_keys import key_of
from sealane.ingest.sei.mapping.message_paths import PATH_LEN_MAX, Taken, take
from sealane.primitives import InputError

from ..sei_data import sei_document
from ..sei_documents import ALICE, BOB, CONTRACT, VALIDATOR

MESSAGE = {"send": {"to": [{"address": ALICE}, 5], "amount": {"denom": "usei"}, "memo": None}}


def test_an_address_is_its_bytes() -> None:
    assert address_bytes("sei1pyguwmky") == b"\x09"
    assert address_bytes(ALICE) == b"\x11" * 20
    assert address_bytes(VALIDATOR, VALIDATOR_PREFIX) == b"\x33" * 20
    # A real contract's, of upstream's example; its checksum is nobody's here.
    assert len(address_bytes(CONTRACT)) == 32


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'' is no address sei1…"),
        ("sei1", "checksum is wrong"),
        (ALICE[:-1] + "q", "checksum is wrong; copy it again"),
        (ALICE.upper(), "is no address sei1…"),
        (VALIDATOR, "is no address sei1…"),
        ("sei1" + "q" * 100, "is no address sei1…"),
        # Two bits of padding, one of them set; and seven bits.
        ("sei1pp6qcgyv", "stands for no whole bytes"),
        ("sei1pyqz6l6mu", "stands for no whole bytes"),
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "is no address sei1…"),
    ],
)
def test_what_is_no_address_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        address_bytes(text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".send.to[0].address", ALICE),
        (".send.to.[1]", "5"),
        (".send.memo", "null"),
        (".send.amount.denom", "usei"),
    ],
)
def test_a_path_takes_a_value(path: str, text: str) -> None:
    assert take(MESSAGE, path) == Taken(readable=True, there=True, text=text)


def test_a_path_may_lead_to_nothing_to_an_object_or_be_no_path() -> None:
    for path in (".send.to[2]", ".send.memo.x", ".other", ".send[0]"):
        assert take(MESSAGE, path) == Taken(readable=True, there=False, text=None)
    assert take(MESSAGE, ".send.amount") == Taken(readable=True, there=True, text=None)
    for path in ("", "send", ".send | keys", ".send.to[]", ".send.to[0:1]", ".a" * PATH_LEN_MAX):
        assert take(MESSAGE, path) == Taken(readable=False, there=False, text=None)
    assert take(MESSAGE, "." + "a" * (PATH_LEN_MAX - 1)).readable
    assert not take(MESSAGE, "." + "a" * PATH_LEN_MAX).readable


SENDS = {"fromaddress": ALICE, "toaddress": BOB, "sender": BOB, "denom": "usei"}
STAKES = {"delegatoraddress": ALICE, "validatoraddress": VALIDATOR}
ALICE_HEX, BOB_HEX, VALIDATOR_HEX = "14" + "11" * 20, "14" + "22" * 20, "14" + "33" * 20


@pytest.mark.parametrize(
    ("expression", "key"),
    [
        ("fromAddrIdentifier", "02" + ALICE_HEX),
        (
            "hex.EncodeToString(authtypes.CreateAddressStoreKeyFromBech32(msgSend.ToAddress))",
            "01" + "22" * 20,
        ),
        (
            "hex.EncodeToString(banktypes.CreateAccountBalancesPrefixFromBech32(mintMsg.GetSender()))",
            "02" + BOB_HEX,
        ),
        ("hex.EncodeToString(authtypes.GlobalAccountNumberKey)", b"globalAccountNumber".hex()),
        ("hex.EncodeToString(distributiontypes.FeePoolKey)", "00"),
        ("supplyKey", "00" + b"usei".hex()),
        ("hex.EncodeToString(tokenfactoryDenomKey)", b"denoms|usei|".hex()),
        ("delegationKey", "31" + ALICE_HEX + VALIDATOR_HEX),
        (
            "hex.EncodeToString(distributiontypes.GetDelegatorStartingInfoKey(validatorAddr, "
            "delegateAddr))",
            "04" + VALIDATOR_HEX + ALICE_HEX,
        ),
        # Upstream reads a validator's address as an account's, and drops the error: no address.
        ("validatorBalanceKey", "02"),
        # sha256 of "bonded_tokens_pool", by the shell.
        (
            "hex.EncodeToString(authtypes.AddressStoreKey(bondedModuleAdr))",
            "014fea76427b8345861e80a3540a8a9d936fd39391",
        ),
        ("hex.EncodeToString(evmtypes.ReceiptKey(tx.Hash()))", None),
        ("srcDelegationKey", None),
        ("anything else", None),
    ],
)
def test_an_expression_is_a_key(expression: str, key: str | None) -> None:
    assert key_of(expression, SENDS | STAKES) == key


def test_a_field_that_is_no_address_leaves_a_key_unknown() -> None:
    assert key_of("fromAddrIdentifier", {"fromaddress": "alice"}) is None
    assert key_of("validatorKey", {"validatoraddress": ALICE}) is None


def test_all_of_the_chains_expressions_but_those_of_its_state_are_known() -> None:
    fields = SENDS | STAKES
    fields |= {"validatorsrcaddress": VALIDATOR, "validatordstaddress": VALIDATOR}
    fields |= {"validator": VALIDATOR}
    unknown = {
        (entry["module"], identifier)
        for entry in sei_document("message_mappings")["mappings"]
        for _, _, identifier in entry["ops"]
        if "DefaultIDTemplate" not in identifier and key_of(identifier, fields) is None
    }
    assert {module for module, _ in unknown} == {"evm", "staking"}
    of_state = ("GetValidatorsByPowerIndexKey", "validatorAddrCons")
    assert all(
        any(each in identifier for each in of_state)
        for module, identifier in unknown
        if module == "staking"
    )
