"""Random calls of an instruction, to compare its batch handler with its scalar one.

Three of four rows are consistent: equal names have equal values, and balances exceed requested
amounts, so that most instructions succeed for some rows. The others may have any values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from hypothesis import strategies as st

from ..primitives import SYSTEM_PROGRAM_ID, Account, Pubkey
from ..primitives.integers import U64_MAX
from ..programs.kit import InstructionSpec, Layout
from ..programs.kit.encoding.byte_codecs import FixedBytesCodec
from ..programs.kit.encoding.codec import Codec
from ..programs.kit.encoding.compound_codecs import OptionCodec
from ..programs.kit.encoding.scalar_codecs import (
    BoolCodec,
    EnumCodec,
    IntCodec,
    PubkeyCodec,
)
from ..programs.kit.handlers.ownership import usual_owner
from ..programs.kit.handlers.parameters import AccountParameter, is_layout

_RATE_BYTES_MAX: Final = 2  # integers this small are decimals, fees and counts rather than balances
_AMOUNT_BYTES_MAX: Final = 8


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One call: the accounts by parameter (name and state), the arguments, payer and fee."""

    accounts: Mapping[str, tuple[str, Account]]
    arguments: Mapping[str, Any]
    payer: tuple[str, Account] | None = None
    fee: int = 0


class _Names:
    """Values by name within one row: a field or argument named like an account has its key.

    All others of the same name share one key as well: that of one of the row's accounts.
    """

    def __init__(self, keys: Mapping[str, Pubkey], turn: int) -> None:
        self.keys = list(keys.values())
        self._keys = keys
        self._turn = turn

    def key(self, name: str) -> Pubkey:
        found = self._keys.get(name)
        if found is not None:
            return found
        return self.keys[(self._turn + sum(name.encode())) % len(self.keys)]


@st.composite
def rows_for(
    draw: st.DrawFn, spec: InstructionSpec, layouts: Mapping[str, type[Layout]], number: int
) -> BatchRow:
    """Random calls of an instruction. Row `number` shares no account with other rows.

    `layouts`: what unchecked accounts usually hold, by parameter.
    """
    fixed = [p for p in spec.accounts if not p.variadic]
    plain = draw(st.sampled_from([True, True, True, False]))
    repeat = not plain and draw(st.integers(0, 5)) == 0
    pool = [f"row {number} account {n}" for n in range(len(fixed))]
    names = {
        p.name: draw(st.sampled_from(pool)) if repeat else pool[n] for n, p in enumerate(fixed)
    }
    keys = {parameter: Pubkey.of(name) for parameter, name in names.items()}
    meant = _Names(keys or {"": SYSTEM_PROGRAM_ID}, draw(st.integers(0, len(fixed))))
    states = {
        p.name: (names[p.name], draw(_states(spec, p, layouts.get(p.name), meant, plain)))
        for p in fixed
    }
    arguments = {
        p.name: draw(_asked(n, p.name, p.codec, meant, plain)) for n, p in enumerate(spec.arguments)
    }
    payer = None
    if draw(st.booleans()):
        funds = [10**9] if plain else [0, 4_999, 5_000, 10**9]
        payer = (f"row {number} payer", Account(draw(st.sampled_from(funds))))
    return BatchRow(states, arguments, payer, draw(st.sampled_from([0, 5_000])))


def _asked(
    number: int, name: str, codec: Codec, meant: _Names, plain: bool
) -> st.SearchStrategy[Any]:
    """Values of an argument, number `number` of the instruction."""
    if plain and isinstance(codec, IntCodec):
        # Hypothesis favours the simplest values, and zeros often fail, so the simplest values here
        # are an amount first, and then a lower bound on it.
        simplest = min(1_000 // 10**number, codec.high)
        return st.just(simplest) | st.integers(0, min(1_000, codec.high))
    return _held(name, codec, meant, plain)


def _held(name: str, codec: Codec, meant: _Names, plain: bool) -> st.SearchStrategy[Any]:
    """Values of a layout's field."""
    match codec:
        case IntCodec():
            return _integers(codec, plain)
        case BoolCodec():
            return st.booleans()
        case PubkeyCodec():
            usual = st.just(meant.key(name))
            odd = st.sampled_from([*meant.keys, Pubkey(bytes(32))])
            return usual if plain else usual | odd
        case EnumCodec():
            return st.sampled_from(list(codec.members))
        case FixedBytesCodec():
            return st.binary(min_size=codec.width, max_size=codec.width)
        case OptionCodec():
            return st.one_of(st.none(), st.none(), _held(name, codec.inner, meant, plain))
        case _:
            return st.just(codec.default())


def _integers(codec: IntCodec, plain: bool) -> st.SearchStrategy[int]:
    """Integers: small ones, balances and, unless `plain`, the ends of the range."""
    small = st.integers(0, min(12, codec.high))
    if plain and codec.width > _AMOUNT_BYTES_MAX:
        # Prices and shares in fixed point, with any number of bits in front of the point.
        small |= st.integers(64, codec.high.bit_length() * 3 // 4).map(lambda bits: 3 << (bits - 1))
    if plain and codec.width > _RATE_BYTES_MAX:
        return st.one_of(*[st.integers(10**8, 10**9)] * 9, small)
    return small if plain else small | st.sampled_from([codec.low, codec.high, max(0, codec.low)])


def _states(
    spec: InstructionSpec,
    parameter: AccountParameter,
    expected: type[Layout] | None,
    meant: _Names,
    plain: bool,
) -> st.SearchStrategy[Account]:
    lamports = st.sampled_from([5_001, 10**9] if plain else [0, 1, 7, 5_000, 5_001, 10**9, U64_MAX])
    layout = expected
    if layout is None and is_layout(parameter.view_type):
        layout = cast(type[Layout], parameter.view_type)
    if layout is None:
        odd = st.builds(Account, lamports, st.just(spec.program_id), st.binary(max_size=3))
        usual = st.builds(Account, lamports, st.just(SYSTEM_PROGRAM_ID), st.just(b""))
        return usual if plain else st.one_of(usual, usual, usual, odd)
    chosen = layout
    known = parameter.owner or usual_owner(chosen, [spec.program])
    owner = spec.program_id if known is None else known.id
    fields = {
        name: _held(name, found.codec, meant, plain) for name, found in chosen.layout_fields.items()
    }
    data = st.fixed_dictionaries(fields).map(lambda values: chosen(**values).encode())
    whole = st.builds(Account, lamports, st.just(owner), data)
    strange = st.builds(Account, lamports, st.sampled_from([owner, SYSTEM_PROGRAM_ID]), st.binary())
    return whole if plain else st.one_of(whole, whole, whole, whole, strange)
