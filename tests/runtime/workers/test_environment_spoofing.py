"""`verify_block` finds and names whatever a program reads from its machine.

None of these differs between serial executions on one machine within one minute.
"""

from __future__ import annotations

import datetime
import inspect
import os
import random
import socket
import sys
import threading
import time
from collections.abc import Callable

import pytest

from sealane import Runtime, Transaction
from sealane.programs import Layout, Mut, Program, u64
from sealane.runtime.verification import Difference, verify_block

ELSEWHERE = "1 worker, elsewhere"


class Fact(Layout):
    before: u64
    value: u64


reader = Program("reader", layouts=[Fact])
FACTS: dict[str, Callable[[], object]] = {
    "nothing": lambda: 0,
    "hour": lambda: int(time.time()) // 3_600,
    "date": lambda: datetime.date.today().toordinal(),
    "hour of datetime": lambda: datetime.datetime.now().hour,
    "zone": lambda: time.localtime(0).tm_hour,
    "year": lambda: time.strftime("%Y"),
    "cores": lambda: os.cpu_count(),
    "arguments": lambda: len(sys.argv),
    "import path": lambda: len(sys.path),
    "threads": lambda: threading.active_count(),
    "line": lambda: inspect.currentframe().f_lineno,  # pyright: ignore[reportOptionalMemberAccess]
    "references": lambda: sys.getrefcount("a text that this module has") // 4,
    "user": lambda: os.environ.get("USER"),
    "folder": lambda: len(os.getcwd()),
    "host": lambda: socket.gethostname(),
    "hash": lambda: hash("text"),
    "chance": lambda: random.random(),
}
NAMES = list(FACTS)


@reader.instruction(tag=0)
def read(fact: Mut[Fact], what: u64) -> None:
    fact.value = hash(repr(FACTS[NAMES[what]]())) & 0xFFFF if what else 0


@reader.instruction(tag=1)
def fail(fact: Mut[Fact]) -> None:
    raise ValueError("the place of this is told, as in the file")


def differences(call: object) -> tuple[Difference, ...]:
    with Runtime(workers=0, programs=[reader]) as runtime:
        runtime.set_account("f", lamports=1, owner=reader, data=Fact(before=3, value=7))
        block = runtime.prepare([Transaction([call], id="t")])  # pyright: ignore[reportArgumentType]
        return verify_block(runtime, block, worker_counts=(), legal_orders=0).differences


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES[1:])
def test_dependence_on_the_machine_is_found_and_named(name: str) -> None:
    found = differences(read(fact="f", what=NAMES.index(name)))
    assert ELSEWHERE in [difference.variant for difference in found]
    for difference in found:
        assert difference.transaction == "t"
        # The field, and what it is here and there.
        assert difference.expected.startswith("value ")
        assert difference.actual.startswith("value ")
        assert difference.expected != difference.actual


@pytest.mark.slow
def test_a_program_that_does_not_depend_on_it_passes() -> None:
    assert differences(read(fact="f", what=0)) == ()


def test_places_in_messages_are_those_of_the_file() -> None:
    assert differences(fail(fact="f")) == ()
