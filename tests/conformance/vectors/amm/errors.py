"""What our program refuses, in the references' own words."""

from __future__ import annotations

from typing import Final

from sealane import Receipt
from sealane.primitives import InstructionErrors, ProgramFailure
from sealane.programs.library.amm import AmmError
from sealane.programs.library.token import TokenError

# What the runtime fails with where an amount does not fit its field.
TOO_WIDE: Final = frozenset(
    {TokenError.Overflow.name, InstructionErrors.ArithmeticOverflow.name, "RangeError"}
)
_WORDS: Final = {
    AmmError.InsufficientAmount: "INSUFFICIENT_AMOUNT",
    AmmError.InsufficientInputAmount: "INSUFFICIENT_INPUT_AMOUNT",
    AmmError.InsufficientOutputAmount: "INSUFFICIENT_OUTPUT_AMOUNT",
    AmmError.InsufficientLiquidity: "INSUFFICIENT_LIQUIDITY",
    AmmError.InsufficientLiquidityMinted: "INSUFFICIENT_LIQUIDITY_MINTED",
    AmmError.InsufficientLiquidityBurned: "INSUFFICIENT_LIQUIDITY_BURNED",
    AmmError.ProductDecreased: "K",
    AmmError.Overflow: "OVERFLOW",
    AmmError.InvalidPath: "INVALID_PATH",
}
_WHOLE: Final = {
    AmmError.ZeroPrice: "ExampleSwapToPrice: ZERO_PRICE",
    AmmError.ZeroSpend: "ExampleSwapToPrice: ZERO_SPEND",
    AmmError.AlreadyAtPrice: "ExampleSwapToPrice: ZERO_AMOUNT_IN",
    AmmError.InvalidShares: "ComputeLiquidityValue: LIQUIDITY_AMOUNT",
    AmmError.EmptyPool: "UniswapV2ArbitrageLibrary: ZERO_PAIR_RESERVES",
}
_OF_PAIR: Final = frozenset({"mint", "burn", "swap", "sequence", "oracle", "sync", "skim"})


class Refused(Exception):
    """An operation failed, in a runtime or in a function."""

    def __init__(self, name: str, *, by_amm: bool = True) -> None:
        super().__init__(name)
        self.name = name
        self.too_wide = not by_amm and name in TOO_WIDE


def checked(receipt: Receipt) -> Receipt:
    """The receipt, if its transaction succeeded; else raises Refused."""
    if receipt.error is not None:
        raise Refused(receipt.error.name, by_amm=receipt.error.program == "amm")
    return receipt


def refused(failure: ProgramFailure) -> Refused:
    """The same for a function that failed."""
    return Refused(failure.error.name, by_amm=isinstance(failure.error, AmmError))


def reference_name(operation: object, refusal: Refused) -> str:
    """Uniswap's message for a refusal of an operation."""
    if refusal.name not in AmmError.__members__:
        return refusal.name
    error = AmmError[refusal.name]
    if error in _WHOLE:
        return _WHOLE[error]
    speaker = "UniswapV2" if operation in _OF_PAIR else "UniswapV2Library"
    return f"{speaker}: {_WORDS.get(error, error.name)}"
