"""The pytest plugin: a fixture `vm`, new for each test.

    def test_increment(vm): ...

    @pytest.mark.sealane(workers=2, programs=[counter], lamports_per_signature=5000)
    def test_in_workers(vm): ...

`pytest --sealane-workers 2`, or `sealane_workers = 2` in the configuration, sets the workers of
every test whose marker does not. A project without such tests only imports this module: everything
else is imported when the fixture is first used.
"""

from __future__ import annotations

import argparse
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from .vm import Vm

_MARKER: Final = (
    "sealane(programs=[…], workers=0, lamports_per_signature=0, rent=False): "
    "how the test's `vm` is made"
)
_OPTIONS: Final = frozenset(("programs", "workers", "lamports_per_signature", "rent"))
_WORKERS: Final = "sealane_workers"
_HELP: Final = "worker processes of the fixture `vm`; 0, the default, executes in this process"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("sealane")
    group.addoption(
        "--sealane-workers", dest=_WORKERS, type=_process_count, metavar="N", help=_HELP
    )
    parser.addini(_WORKERS, _HELP, default="0")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture
def vm(request: pytest.FixtureRequest) -> Generator[Vm]:
    """A sealane.testing.Vm: send transactions, set and read accounts, move the clock."""
    from .vm import Vm

    with Vm(**_options(request)) as fresh:
        yield fresh


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Show the last transaction of a test that failed for another reason."""
    vm = getattr(item, "funcargs", {}).get("vm")
    if call.when != "call" or call.excinfo is None or vm is None:
        return
    from .vm import Vm

    if isinstance(vm, Vm) and vm.last is not None:
        report = vm.last.report()
        if report not in str(call.excinfo.value):
            item.add_report_section("call", "last sealane transaction", report)


def _options(request: pytest.FixtureRequest) -> dict[str, Any]:
    options: dict[str, Any] = {"workers": _configured_workers(request.config)}
    # The closest marker comes first, and takes precedence.
    for marker in reversed(list(request.node.iter_markers("sealane"))):
        unknown = marker.kwargs.keys() - _OPTIONS
        if unknown or marker.args:
            what = min(unknown) if unknown else marker.args[0]
            raise pytest.UsageError(f"the marker is {_MARKER}; it takes no {what!r}")
        options |= marker.kwargs
    return options


def _configured_workers(config: pytest.Config) -> int:
    chosen = config.getoption(_WORKERS)
    if chosen is not None:
        return chosen
    text = str(config.getini(_WORKERS))
    try:
        return _process_count(text)
    except argparse.ArgumentTypeError as error:
        raise pytest.UsageError(f"{_WORKERS} = {error}") from None


def _process_count(text: str) -> int:
    from ..primitives.literals import LiteralError, read_integer

    try:
        count = read_integer(text)
    except LiteralError:
        count = -1
    if count < 0:
        raise argparse.ArgumentTypeError(f"{text}: it is a number of processes, 0 or more")
    return count
