"""Computes the identifiers in Sei's own mappings, which are expressions of Go.

`hex.EncodeToString(stakingtypes.GetValidatorKey(validatorAddr))` is the key of the store under
which a validator stands; the message's fields say which one. Known are the functions, constants
and variables of the mappings for bank, oracle, staking and tokenfactory; any other expression is
unknown, and so is one whose field a message lacks.
Source: sei-chain @5b7271b1~1, aclmapping/; keys.go of the modules named there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from ....primitives import InputError
from .bech32 import ACCOUNT, VALIDATOR, address_bytes

_MODULE_ADDRESS_LEN: Final = 20  # the head of a hash of the module's name
_HEX: Final = "hex.EncodeToString("
_CALL: Final = re.compile(r"(?:\w+\.)?(\w+)\(([^()]*(?:\(\))?)\)", re.ASCII)
_PACKAGE: Final = re.compile(r"^[a-z]+types\.", re.ASCII)
_FROM_BECH32: Final = "FromBech32"

# The prefix of a key by the function that makes it; its arguments follow, each after its length.
_PREFIXES: Final = {
    "CreateAccountBalancesPrefix": b"\x02",
    "GetValidatorKey": b"\x21",
    "GetDelegationKey": b"\x31",
    "GetUBDKey": b"\x32",
    "GetUBDsByValIndexKey": b"\x33",
    "GetREDsKey": b"\x34",
    "GetValidatorOutstandingRewardsKey": b"\x02",
    "GetDelegatorStartingInfoKey": b"\x04",
    "GetValidatorHistoricalRewardsPrefix": b"\x05",
    "GetValidatorCurrentRewardsKey": b"\x06",
    "GetFeederDelegationKey": b"\x02",
    "GetAggregateExchangeRateVoteKey": b"\x05",
}
# Those whose arguments follow as they are.
_BARE_PREFIXES: Final = {
    "AddressStoreKey": b"\x01",
    "DenomMetadataKey": b"\x01",
    "SupplyKeyOf": b"\x00",
    "DenomAuthorityMetadataKeyOf": b"authoritymetadata",
    "GetDenomPrefixStore": b"denoms|",
}
_SUFFIXES: Final = {"GetDenomPrefixStore": b"|"}
_CONSTANTS: Final = {
    "GlobalAccountNumberKey": b"globalAccountNumber",
    "FeePoolKey": b"\x00",
    "LastTotalPowerKey": b"\x12",
    "UnbondingQueueKey": b"\x41",
    "RedelegationQueueKey": b"\x42",
}
# What local variables of those functions hold.
_VARIABLES: Final = {
    "fromAddrIdentifier": "CreateAccountBalancesPrefixFromBech32(FromAddress)",
    "toAddrIdentifier": "CreateAccountBalancesPrefixFromBech32(ToAddress)",
    "delegationKey": "GetDelegationKey(delegateAddr, validatorAddr)",
    "srcDelegationKey": "GetDelegationKey(delegateAddr, srcValidatorAddr)",
    "dstDelegationKey": "GetDelegationKey(delegateAddr, dstValidatorAddr)",
    "validatorKey": "GetValidatorKey(validatorAddr)",
    "srcValidatorKey": "GetValidatorKey(srcValidatorAddr)",
    "dstValidatorKey": "GetValidatorKey(dstValidatorAddr)",
    "delegatorBalanceKey": "CreateAccountBalancesPrefixFromBech32(DelegatorAddress)",
    "validatorBalanceKey": "CreateAccountBalancesPrefixFromBech32(ValidatorAddress)",
    "dstValidatorBalanceKey": "CreateAccountBalancesPrefixFromBech32(ValidatorDstAddress)",
    "bankDenomMetaDataKey": "DenomMetadataKey(denom)",
    "denomMetaDataKey": "DenomAuthorityMetadataKeyOf(denom)",
    "tokenfactoryDenomKey": "GetDenomPrefixStore(denom)",
    "supplyKey": "SupplyKeyOf(denom)",
}
_FIELDS: Final = {  # of the message, by variable: the field, and the prefix of its address
    "delegateAddr": ("delegatoraddress", ACCOUNT),
    "validatorAddr": ("validatoraddress", VALIDATOR),
    "srcValidatorAddr": ("validatorsrcaddress", VALIDATOR),
    "dstValidatorAddr": ("validatordstaddress", VALIDATOR),
    "valAddr": ("validator", VALIDATOR),
}
_MODULES: Final = {
    "bondedModuleAdr": "bonded_tokens_pool",
    "notBondedModuleAdr": "not_bonded_tokens_pool",
    "moduleAdr": "tokenfactory",
}
DENOMINATION: Final = "denom"


def key_of(expression: str, fields: Mapping[str, str]) -> str | None:
    """The key, in hex digits, that an expression stands for; None if that is not known.

    `fields`: of the message, their names without case and underscores.
    """
    inner = expression
    if inner.startswith(_HEX) and inner.endswith(")"):
        inner = inner[len(_HEX) : -1]
    inner = _VARIABLES.get(inner, inner)
    constant = _CONSTANTS.get(_PACKAGE.sub("", inner))
    if constant is not None:
        return constant.hex()
    call = _CALL.fullmatch(inner)
    if call is None:
        return None
    try:
        made = _made(call[1], call[2].split(", "), fields)
    except InputError:  # an address that is none
        return None
    return None if made is None else made.hex()


def _made(function: str, arguments: list[str], fields: Mapping[str, str]) -> bytes | None:
    """The key that a function makes of its arguments."""
    name = function.removesuffix(_FROM_BECH32).replace("CreateAddressStoreKey", "AddressStoreKey")
    of_text = function.endswith(_FROM_BECH32)
    values = [_argument(each, fields, of_text=of_text) for each in arguments]
    known = [each for each in values if each is not None]
    if len(known) < len(values):
        return None
    if name in _PREFIXES:
        # Nothing has no length before it, as in the SDK.
        return _PREFIXES[name] + b"".join(bytes([len(each)]) * bool(each) + each for each in known)
    if name in _BARE_PREFIXES:
        return _BARE_PREFIXES[name] + b"".join(known) + _SUFFIXES.get(name, b"")
    return None


def _argument(name: str, fields: Mapping[str, str], *, of_text: bool) -> bytes | None:
    if name in _MODULES:
        return sha256(_MODULES[name].encode()).digest()[:_MODULE_ADDRESS_LEN]
    if name == DENOMINATION:
        return fields[name].encode() if fields.get(name) else None
    if of_text:
        text = fields.get(name.rpartition(".")[2].removesuffix("()").removeprefix("Get").lower())
        return None if text is None else _account(text)
    field, prefix = _FIELDS.get(name, ("", ""))
    return address_bytes(fields[field], prefix) if fields.get(field) else None


def _account(text: str) -> bytes:
    """The bytes of an account; of a validator none, as the chain's functions drop that error."""
    found = address_bytes(text, ACCOUNT, VALIDATOR)
    return b"" if text.startswith(VALIDATOR) else found
