"""Pools with concentrated liquidity, to Uniswap v3: see docs/programs/clmm.md.

A position gives liquidity between two ticks only. Ticks lie in accounts of 64, so that a swap
names the few around the price, and positions in distant ranges do not conflict.

    >>> from sealane.programs.library.clmm import clmm
    >>> clmm.price_at_tick(tick=0).data.hex()
    '1200000000'
"""

from . import batch_handlers as batch_handlers  # declares them
from .errors import ClmmError
from .events import (
    CardinalityIncreased,
    Collected,
    FeeProtocolSet,
    Flashed,
    LiquidityChanged,
    PoolInitialized,
    ProtocolFeesCollected,
    Swapped,
)
from .flash import flash
from .liquidity import (
    decrease_liquidity,
    decrease_liquidity_beyond,
    increase_liquidity,
    increase_liquidity_beyond,
)
from .past_prices import (
    increase_observation_cardinality,
    observe_past,
    snapshot_cumulatives_inside,
)
from .pools import collect_protocol, initialize_pool, initialize_tick_array, set_fee_protocol
from .positions import close_position, collect, fund_position, open_position
from .program import clmm
from .quotes import (
    amount0_between,
    amount1_between,
    price_after_input,
    price_after_output,
    price_at_tick,
    quote_step,
    tick_at_price,
)
from .returns import (
    AmountQuote,
    Cumulatives,
    CumulativesInside,
    PriceQuote,
    StepQuote,
    SwapQuote,
    TickQuote,
)
from .state import (
    TICKS_PER_ARRAY,
    Observation,
    Observations,
    Pool,
    Position,
    Tick,
    TickArray,
    TickArrayMap,
)
from .swapping import quote_swap, swap

__all__ = [
    "TICKS_PER_ARRAY",
    "AmountQuote",
    "CardinalityIncreased",
    "ClmmError",
    "Collected",
    "Cumulatives",
    "CumulativesInside",
    "FeeProtocolSet",
    "Flashed",
    "LiquidityChanged",
    "Observation",
    "Observations",
    "Pool",
    "PoolInitialized",
    "Position",
    "PriceQuote",
    "ProtocolFeesCollected",
    "StepQuote",
    "SwapQuote",
    "Swapped",
    "Tick",
    "TickArray",
    "TickArrayMap",
    "TickQuote",
    "amount0_between",
    "amount1_between",
    "clmm",
    "close_position",
    "collect",
    "collect_protocol",
    "decrease_liquidity",
    "decrease_liquidity_beyond",
    "flash",
    "fund_position",
    "increase_liquidity",
    "increase_liquidity_beyond",
    "increase_observation_cardinality",
    "initialize_pool",
    "initialize_tick_array",
    "observe_past",
    "open_position",
    "price_after_input",
    "price_after_output",
    "price_at_tick",
    "quote_step",
    "quote_swap",
    "set_fee_protocol",
    "snapshot_cumulatives_inside",
    "swap",
    "tick_at_price",
]
