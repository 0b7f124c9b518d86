"""Holding a batch handler against its scalar handler, with Hypothesis.

    def test_transfer_by_column():
        assert_batch_matches_scalar(system.transfer)

Blocks of calls with random accounts and arguments are executed twice: one by one through the
serial executor, and as groups by column. Receipts and account states must be equal. Failing rows,
repeated accounts, payers that cannot pay and values at the ends of their ranges are among them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ..primitives import SYSTEM_PROGRAM_ID, Account, Pubkey, Transaction
from ..programs import builtin_programs
from ..programs.kit import InstructionSpec, Layout, Sysvars
from ..programs.kit.codec import (
    BoolCodec,
    Codec,
    EnumCodec,
    FixedBytesCodec,
    IntCodec,
    OptionCodec,
    PubkeyCodec,
)
from ..programs.kit.ownership import usual_owner
from ..programs.kit.parameters import AccountParameter, is_layout
from ..runtime.arena import Arena
from ..runtime.block import Block
from ..runtime.block_building import build_block
from ..runtime.execution import Execution
from ..runtime.in_process import execute_in_process
from ..runtime.program_set import ProgramSet
from ..runtime.serial import execute_serially
from ..scheduler import build_dag

_U64_MAX = 2**64 - 1
_ROWS_MAX = 12


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One call: the accounts by parameter (name and state), the arguments, payer and fee."""

    accounts: Mapping[str, tuple[str, Account]]
    arguments: Mapping[str, Any]
    payer: tuple[str, Account] | None = None
    fee: int = 0


@dataclass
class _Seen:
    """How many rows there were, and how many stayed in the batch to its end."""

    rows: int = 0
    stayed: int = 0
    failures: set[str] = field(default_factory=set[str])


def assert_batch_matches_scalar(
    spec: InstructionSpec,
    *,
    layouts: Mapping[str, type[Layout]] | None = None,
    rows: Callable[[int], st.SearchStrategy[BatchRow]] | None = None,
    examples: int = 60,
    shrink: bool = True,
) -> None:
    """Fail unless the batch handler of `spec` does to every row what its scalar handler does.

    `layouts` says what unchecked accounts usually hold, by parameter. `rows` replaces the
    generated rows by others, where an instruction needs more than that to get anywhere: a
    function from the row's number, which keeps the keys of different rows apart. Without
    `shrink`, a failing example is shown as it was found. Fails, too, when the batch handler
    raises, or when no row ever stayed in the batch.
    """
    if spec.batch_handler is None:
        raise AssertionError(f"{spec.full_name} has no batch handler")
    if spec.misread_by_column is not None:
        raise AssertionError(f"{spec.full_name} never runs by column: {spec.misread_by_column}")
    held = layouts or {}

    def make(number: int) -> st.SearchStrategy[BatchRow]:
        return rows_for(spec, held, number) if rows is None else rows(number)

    blocks = st.integers(1, _ROWS_MAX).flatmap(lambda n: st.tuples(*map(make, range(n))))
    seen = _Seen()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
        suppress_health_check=tuple(cast(Any, HealthCheck)),
    )
    @given(blocks)
    def check(drawn: tuple[BatchRow, ...]) -> None:
        stayed, failures = compare_rows(spec, drawn)
        seen.rows += len(drawn)
        seen.stayed += stayed
        seen.failures |= failures

    check()
    if not seen.stayed:
        raise AssertionError(
            f"{spec.full_name}: none of {seen.rows} rows stayed in the batch, so nothing was "
            f"compared; failures met: {', '.join(sorted(seen.failures)) or 'none'}. Give `layouts` "
            "or `rows` with which the instruction succeeds"
        )


@st.composite
def rows_for(
    draw: st.DrawFn, spec: InstructionSpec, layouts: Mapping[str, type[Layout]], number: int
) -> BatchRow:
    """Random calls of an instruction, related enough to succeed now and then.

    Keys come from a small pool, so that accounts repeat; keys inside account data are mostly
    those of the call's own accounts; amounts are small or at the ends of their range. Half of the
    calls have nothing odd about them.
    """
    fixed = [p for p in spec.accounts if not p.variadic]
    plain = draw(st.booleans())
    repeat = not plain and draw(st.integers(0, 5)) == 0
    pool = [f"row {number} account {n}" for n in range(len(fixed))]
    names = {
        p.name: draw(st.sampled_from(pool)) if repeat else pool[n] for n, p in enumerate(fixed)
    }
    keys = [Pubkey.of(name) for name in names.values()]
    states = {
        p.name: (names[p.name], draw(_states(spec, p, layouts.get(p.name), keys, plain)))
        for p in fixed
    }
    arguments = {p.name: draw(values_of(p.codec, keys, plain)) for p in spec.arguments}
    payer = None
    if draw(st.booleans()):
        funds = [10**9] if plain else [0, 4_999, 5_000, 10**9]
        payer = (f"row {number} payer", Account(draw(st.sampled_from(funds))))
    return BatchRow(states, arguments, payer, draw(st.sampled_from([0, 5_000])))


def values_of(codec: Codec, keys: Sequence[Pubkey], plain: bool = False) -> st.SearchStrategy[Any]:
    """Values of a codec: small ones and keys of the call; unless `plain`, odd ones as well."""
    match codec:
        case IntCodec():
            ends = [codec.low, codec.high, max(0, codec.low)]
            small = st.integers(0, min(12, codec.high))
            return small if plain else st.one_of(small, st.sampled_from(ends))
        case BoolCodec():
            return st.booleans()
        case PubkeyCodec():
            own = st.sampled_from(list(keys))
            return own if plain else st.one_of(own, st.just(Pubkey(bytes(32))))
        case EnumCodec():
            return st.sampled_from(list(codec.members))
        case FixedBytesCodec():
            return st.binary(min_size=codec.width, max_size=codec.width)
        case OptionCodec():
            return st.one_of(st.none(), st.none(), values_of(codec.inner, keys, plain))
        case _:
            return st.just(codec.default())


def _states(
    spec: InstructionSpec,
    parameter: AccountParameter,
    expected: type[Layout] | None,
    keys: Sequence[Pubkey],
    plain: bool,
) -> st.SearchStrategy[Account]:
    lamports = st.sampled_from(
        [5_001, 10**9] if plain else [0, 1, 7, 5_000, 5_001, 10**9, _U64_MAX]
    )
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
        name: values_of(found.codec, keys, plain) for name, found in chosen.layout_fields.items()
    }
    data = st.fixed_dictionaries(fields).map(lambda values: chosen(**values).encode())
    whole = st.builds(Account, lamports, st.just(owner), data)
    strange = st.builds(Account, lamports, st.sampled_from([owner, SYSTEM_PROGRAM_ID]), st.binary())
    return whole if plain else st.one_of(whole, whole, whole, whole, strange)


def compare_rows(
    spec: InstructionSpec, rows: Sequence[BatchRow], *, raising: bool = True
) -> tuple[int, set[str]]:
    """Execute these calls as a group and one by one, and fail where the outcomes differ.

    With `raising`, what the batch handler raises is raised. Returns how many rows stayed in the
    group, and the names of the errors that were met.
    """
    block, before = _block_of(spec, rows)
    programs = ProgramSet(builtin_programs())
    if programs.get(spec.program_id) is None:
        programs.add(spec.program)
    expected = execute_serially(block, before, programs, Sysvars())
    waves = build_dag(block.access).waves
    actual, stayed = execute_in_process(
        block, before, waves, programs, Sysvars(), Arena(), group_len_min=1, raising=raising
    )
    _require_equal(spec, expected, actual)
    return stayed, {d.failure.name for d in expected.details.values() if d.failure is not None}


def _block_of(spec: InstructionSpec, rows: Sequence[BatchRow]) -> tuple[Block, list[Account]]:
    """The rows as transactions, and the accounts before them, by account id."""
    states: dict[Pubkey, Account] = {}
    transactions: list[Transaction] = []
    for row in rows:
        placed = [*row.accounts.values(), *([row.payer] if row.payer else [])]
        states |= {Pubkey.of(name): state for name, state in placed}
        names = {parameter: name for parameter, (name, _) in row.accounts.items()}
        payer = row.payer[0] if row.payer else None
        transactions.append(Transaction([spec(**names, **row.arguments)], payer=payer, fee=row.fee))
    block = build_block(transactions)
    return block, [states.get(key, Account()) for key in block.keys]


def _require_equal(spec: InstructionSpec, expected: Execution, actual: Execution) -> None:
    name = spec.full_name
    assert np.array_equal(expected.fees, actual.fees), f"{name}: fees differ"
    assert np.array_equal(expected.compute_units, actual.compute_units), f"{name}: units differ"
    assert expected.details == actual.details, f"{name}: receipts differ"
    assert expected.changed == actual.changed, f"{name}: account states differ"
