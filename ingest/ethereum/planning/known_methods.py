"""Methods that many contracts have, by the first four bytes of a call's data.

The bytes are those of keccak over the signature. Does not: know whether the contract called has it;
other signatures may have the same four bytes.
"""

from __future__ import annotations

from typing import Final

SIGNATURES: Final = {
    "0xa9059cbb": "transfer(address,uint256)",
    "0x095ea7b3": "approve(address,uint256)",
    "0x23b872dd": "transferFrom(address,address,uint256)",
    "0x42842e0e": "safeTransferFrom(address,address,uint256)",
    "0xa22cb465": "setApprovalForAll(address,bool)",
    "0xd0e30db0": "deposit()",
    "0x2e1a7d4d": "withdraw(uint256)",
    "0x40c10f19": "mint(address,uint256)",
    "0xac9650d8": "multicall(bytes[])",
    "0x5ae401dc": "multicall(uint256,bytes[])",
    "0x38ed1739": "swapExactTokensForTokens(uint256,uint256,address[],address,uint256)",
    "0x7ff36ab5": "swapExactETHForTokens(uint256,address[],address,uint256)",
    "0x18cbafe5": "swapExactTokensForETH(uint256,uint256,address[],address,uint256)",
    "0xfb3bdb41": "swapETHForExactTokens(uint256,address[],address,uint256)",
    "0x3593564c": "execute(bytes,bytes[],uint256)",
}


def method_name(selector: str) -> str:
    """`transfer 0xa9059cbb`; of a method that is not known, the selector alone."""
    signature = SIGNATURES.get(selector)
    return selector if signature is None else f"{signature.partition('(')[0]} {selector}"
