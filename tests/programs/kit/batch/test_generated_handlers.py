"""Handlers put together at random: vectorized, they do what they do row by row.

Each is its own batch handler, whatever its statements are: what no column can mean must leave the
rows to the scalar handler. Covers one instruction, whose accounts are distinct.
"""

from __future__ import annotations

import warnings
from enum import Enum
from typing import Annotated, Any, Final, cast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sealane import programs
from sealane.programs import (
    COption,
    Errors,
    InstructionSpec,
    Layout,
    Program,
    Pubkey,
    Size,
    i64,
    i256,
    u8,
    u64,
    u128,
)
from sealane.testing.batch import BatchRow, compare_rows, rows_for


class Kind(Enum):
    A = 0
    B = 1
    C = 5


class Level(Enum):
    Low = 0


class Refused(Errors):
    No = 1, "no"


class State(Layout):
    kind: Kind
    count: u64
    auth: Pubkey
    tag: Annotated[bytes, Size(32)]
    small: u8
    signed: i64
    opt: COption[u64]
    flag: bool
    wide: u128
    huge: i256


def is_a(kind: object) -> bool:
    return kind is Kind.A


def mostly(usual: str, odd: str) -> st.SearchStrategy[str]:
    """One of several texts, `;` between them; now and then an odd one."""
    often, rarely = (st.sampled_from(texts.split("; ")) for texts in (usual, odd))
    return st.integers(0, 19).flatmap(lambda n: rarely if n == 19 else often)


INTEGERS: Final = st.recursive(
    mostly(
        "n; m; s.count; s.small; s.signed; s.data_len; s.lamports; t.count; "
        "s.wide; s.huge; 1; 7; ctx.clock.slot",
        "True; None; k; f; s.opt; s.kind; 2**64-1; 2**200; -1; "
        "abs(n); n.bit_length(); len(s.tag); int(n); "
        "(s.opt.value if hasattr(s.opt, 'value') else 3)",
    ),
    lambda inner: st.one_of(
        st.builds(
            "({} {} {})".format, inner, mostly("+; -; *; //; %; * 2**60 *", "&; |; **; <<"), inner
        ),
        st.builds("{}({}, {}, {})".format, mostly("mul_div", "mul_div_up"), inner, inner, inner),
        st.builds("div_up({}, {})".format, inner, inner),
        st.builds("{}({})".format, mostly("isqrt", "-"), inner),
        st.builds("({} {} 33)".format, inner, mostly("<<; >>", "<<")),
        st.builds("select({} > 3, {}, {})".format, inner, inner, inner),
    ),
    max_leaves=3,
)
CONDITIONS: Final = st.recursive(
    st.one_of(
        st.builds("({} {} {})".format, INTEGERS, mostly("==; !=; <; <=; >; >=", "is"), INTEGERS),
        mostly(
            "(k == Kind.A); (k != s.kind); f; (f == s.flag); (f != True); (s.opt == None); "
            "(s.opt == n); (s.opt == t.opt); is_none(s.opt); holds(s.opt, n); (key == s.auth); "
            "(s.auth == signer.key); (s.tag == key); (s.tag == bytes(32)); (s.owner == key); "
            "(s.opt != None); s.is_writable; signer.is_signer",
            "(k is Kind.A); (s.kind == Level.Low); is_a(k); (f is True); (not f); (~f); "
            "negated(f); (s.opt is None); s.opt; holds(s.opt, None); (s.auth == 'alice'); "
            "(s.tag == 'alice'); "
            "(s.tag == b'short'); isinstance(n, int); isinstance(k, Enum); (type(n) == int); s; "
            "(s == t); (n in {1: 2}); (n in (1, 2)); (str(n) == '1'); "
            "(getattr(k, 'name', 'none') == 'A')",
        ),
    ),
    lambda inner: st.builds("({} {} {})".format, inner, mostly("&; |; ==", "and; or"), inner),
    max_leaves=2,
)
VALUES: Final = {
    "count": INTEGERS,
    "small": INTEGERS,
    "signed": INTEGERS,
    "wide": INTEGERS,
    "huge": INTEGERS,
    "opt": INTEGERS | mostly("None; s.opt; t.opt", "k; f"),
    "kind": st.builds("select({}, k, Kind.B)".format, CONDITIONS) | mostly("k; Kind.B", "n; 1"),
    "flag": CONDITIONS | st.builds("select({}, f, s.flag)".format, CONDITIONS),
    "auth": st.builds("select({}, key, s.auth)".format, CONDITIONS)
    | mostly("key; s.tag; 'alice'; t.auth; bytes(32)", "n; b'short'; None"),
    "tag": mostly("key; t.tag; s.auth; bytes(32)", "'alice'; k; bytearray(32)"),
}
SIMPLE: Final = st.one_of(
    st.builds("require({}, Refused.No)".format, CONDITIONS),
    *(st.builds(f"s.{name} = {{}}".format, values) for name, values in VALUES.items()),
    st.builds("s.count += {}".format, INTEGERS),
    st.builds("s.lamports += {}; t.lamports -= {}".format, INTEGERS, INTEGERS),
    st.builds("ctx.consume({})".format, INTEGERS),
    st.builds("ctx.log({})".format, mostly("'x'", "f'{n}'; n; [n]; str(s.auth); '%d' % n")),
    st.builds("only_where({})".format, CONDITIONS),
)
STATEMENTS: Final = st.one_of(
    *[SIMPLE] * 9,
    st.builds("if {}: {}".format, CONDITIONS, SIMPLE),
    st.builds("try: {}\n    except Exception: s.small = 1".format, SIMPLE),
)
BODIES: Final = st.lists(STATEMENTS, min_size=1, max_size=2)


def negated(value: object) -> object:
    return not value


def spec_of(body: list[str]) -> InstructionSpec:
    """An instruction whose handler, by row and vectorized, has these statements."""
    scope: dict[str, Any] = {**vars(programs), **globals()}
    lines = "\n    ".join(body)
    source = (
        "def generated(ctx: Context, s: Mut[State], t: Mut[State], signer: Signer, n: u64, m: u8,"
        f" k: Kind, f: bool, key: Pubkey) -> None:\n    {lines}\n"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of comparing literals by identity, say
        exec(source, scope)
    program = Program("generated", layouts=[State], errors=Refused)
    spec = program.instruction(tag=0)(scope["generated"])
    spec.batch(spec.handler)
    return spec


UNHURRIED: Final = cast("tuple[HealthCheck, ...]", tuple(cast(Any, HealthCheck)))


def test_vectorized_as_by_row() -> None:
    stayed: list[int] = []

    @settings(max_examples=150, deadline=None, suppress_health_check=UNHURRIED)
    @given(body=BODIES, data=st.data())
    def check(body: list[str], data: st.DataObject) -> None:
        spec = spec_of(body)
        rows: list[BatchRow] = [data.draw(rows_for(spec, {}, number)) for number in range(4)]
        stayed.append(compare_rows(spec, rows, raising=False)[0])

    check()
    share = sum(map(bool, stayed)) / len(stayed)
    assert share > 0.05, f"of {share:.0%} of the handlers, any row ran vectorized"
