"""The same work written in many forms, with and without workers: speed must not depend on the
form."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Final

from ...runtime import Block, Runtime, build_block
from ..measure.contestants import SEALANE
from ..measure.rounds import rate
from ..measure.scenario import Scale, Scenario, Side, Target, Unit
from ..workload.accounts import place
from ..workload.calls import fresh
from ..workload.forms import FORMS, Form, form_accounts, form_transactions, forms
from ..workload.programs import steps_per_us

_HANDLER_US: Final = 60
_PARALLEL, _SERIAL, _ONE = "2 workers", "serial", "1 worker"
_SIDES: Final = ((_PARALLEL, 2), (_SERIAL, 0), (_ONE, 1))
_TARGETS: Final = (
    Target(12, _PARALLEL, _SERIAL, at_least=1.5),
    Target(12, _ONE, _SERIAL, at_least=0.91),  # 1.1 times as long
)


def handlers() -> tuple[Scenario, ...]:
    """Target 12."""
    return tuple(
        Scenario(
            f"handler-{form.name}",
            f"independent calls of a handler that works for {_HANDLER_US} µs: {form.title}",
            partial(_form, form),
            _TARGETS,
        )
        for form in FORMS
    )


@contextmanager
def _form(form: Form, scale: Scale) -> Generator[Sequence[Side]]:
    count, steps = scale.handler_calls, round(_HANDLER_US * steps_per_us())
    block = build_block(form_transactions(form, count, steps))
    accounts = form_accounts(count)
    with ExitStack() as stack:
        sides: list[Side] = []
        for name, workers in _SIDES:
            runtime = stack.enter_context(Runtime(workers=workers, programs=[forms]))

            def prepare(runtime: Runtime = runtime) -> Block:
                place(runtime, *accounts)  # reset to the initial state
                return runtime.prepare(fresh(block))

            includes = "prepared block → DAG, plan, execution, receipts, root"
            measure = rate(count, prepare, runtime.execute)
            sides.append(Side(name, SEALANE, Unit.RATE, includes, measure))
        yield sides
