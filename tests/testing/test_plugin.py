"""The pytest plugin, as another project meets it: pytest runs in pytest."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

PROGRAM = """
from sealane.programs import Errors, Layout, Mut, Program, Pubkey, Signer, require, u64

class CounterState(Layout):
    authority: Pubkey
    count: u64

class CounterError(Errors):
    WrongAuthority = 1, "the signer is not this counter's authority"

counter = Program("counter", errors=CounterError, layouts=[CounterState])

@counter.instruction(tag=0)
def increment(state: Mut[CounterState], authority: Signer, by: u64) -> None:
    require(state.authority == authority.key, CounterError.WrongAuthority)
    state.count += by
"""
SET_UP = """
import pytest
from counter import CounterError, CounterState, counter
from sealane.programs.library import system

@pytest.fixture
def tally(vm):
    vm.set_account("tally", data=CounterState(authority="alice", count=0))

def count(vm):
    return vm.read("tally", CounterState).count

def add(authority="alice", by=2):
    return counter.increment(state="tally", authority=authority, by=by)
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder with a program, in which warnings are errors and markers are strict."""
    pytester.makepyfile(counter=PROGRAM)
    pytester.makeini(
        "[pytest]\npythonpath = .\naddopts = --strict-markers -p no:cacheprovider -p no:hypothesis"
        "pytest\nfilterwarnings = error\n"
    )
    return pytester


def run(project: pytest.Pytester, tests: str, *arguments: str) -> pytest.RunResult:
    """Run these tests in a process of their own, as the plugin is loaded at its start."""
    project.makepyfile(test_counter=SET_UP + tests)
    return project.runpytest_subprocess(*arguments, timeout=60)


def test_each_test_has_a_state_of_its_own(project: pytest.Pytester) -> None:
    outcome = run(
        project,
        """
@pytest.mark.parametrize("again", range(3))
def test_from_nothing(vm, tally, again):
    assert vm.runtime.workers == 0
    assert vm.clock.slot == 0
    vm.advance(slots=1)
    vm.send(add())
    assert count(vm) == 2
""",
    )
    outcome.assert_outcomes(passed=3)


def test_a_failed_send_shows_its_report_and_the_line_of_the_test(project: pytest.Pytester) -> None:
    outcome = run(
        project,
        """
def test_theft(vm, tally):
    vm.send(add(authority="mallory"))
""",
    )
    outcome.assert_outcomes(failed=1)
    outcome.stdout.fnmatch_lines(
        [
            '>       vm.send(add(authority="mallory"))',
            "E       sealane.testing.failure.TransactionFailed: counter.increment failed: "
            "counter.WrongAuthority (1)",
            "E         the signer is not this counter's authority",
            "E         counter.increment(state=tally, authority=mallory, by=2): failed with "
            "counter.WrongAuthority, 0 units",
            "E         mallory  writable, signer, payer  -            -",
        ]
    )
    # The plugin's own frames are no news to the author of a test.
    outcome.stdout.no_fnmatch_line("*vm.py:*")
    outcome.stdout.no_fnmatch_line("*last sealane transaction*")


def test_fails_in_a_test(project: pytest.Pytester) -> None:
    outcome = run(
        project,
        """
def test_refused(vm, tally):
    with vm.fails(CounterError.WrongAuthority):
        vm.send(add(authority="mallory"))

def test_wrongly_expected(vm, tally):
    with vm.fails(CounterError.WrongAuthority):
        vm.send(add())
""",
    )
    outcome.assert_outcomes(passed=1, failed=1)
    outcome.stdout.fnmatch_lines(
        [
            ">       with vm.fails(CounterError.WrongAuthority):",
            "E       AssertionError: expected counter.WrongAuthority",
            "E       but the transaction inside succeeded",
        ]
    )
    outcome.stdout.no_fnmatch_line("*fails.py:*")


def test_another_failure_shows_the_last_transaction(project: pytest.Pytester) -> None:
    outcome = run(
        project,
        """
def test_miscounted(vm, tally):
    vm.send(add())
    assert count(vm) == 3
""",
    )
    outcome.assert_outcomes(failed=1)
    outcome.stdout.fnmatch_lines(
        [
            "*last sealane transaction*",
            "transaction ok",
            "  counter.increment(state=tally, authority=alice, by=2): ok, 0 units",
        ]
    )


def test_the_marker_makes_the_vm(project: pytest.Pytester) -> None:
    outcome = run(
        project,
        """
pytestmark = pytest.mark.sealane(programs=[counter], workers=1)

def test_module(vm):
    assert vm.runtime.workers == 1
    vm.set_account("tally", owner="counter", data=CounterState(authority="alice"))
    assert vm.runtime.programs.named("counter") is counter

@pytest.mark.sealane(workers=2, lamports_per_signature=5)
def test_closest_marker_wins(vm, tally):
    assert vm.runtime.workers == 2
    assert vm.runtime.programs.named("counter") is counter
    vm.airdrop("alice", 15)
    assert vm.send(add()).fee == 5
    with vm.fails(CounterError.WrongAuthority):
        vm.send(add(), add(authority="mallory"), payer="alice")

@pytest.mark.sealane(rent=True)
def test_rent(vm):
    vm.set_account("alice", lamports=10**9)
    pay = system.transfer(source="alice", destination="bob", lamports=890_879)
    assert vm.try_send(pay).error.name == "InsufficientFundsForRent"
    vm.send(system.transfer(source="alice", destination="bob", lamports=890_880))
""",
    )
    outcome.assert_outcomes(passed=3)


def test_a_marker_that_means_nothing(project: pytest.Pytester) -> None:
    outcome = run(
        project,
        """
@pytest.mark.sealane(worker=2)
def test_it(vm): pass
""",
    )
    outcome.assert_outcomes(errors=1)
    outcome.stdout.fnmatch_lines(["*the marker is sealane(programs=*it takes no 'worker'*"])


SHOWS_WORKERS = """
def test_plain(vm):
    assert vm.runtime.workers == 1

@pytest.mark.sealane(workers=0)
def test_marked(vm):
    assert vm.runtime.workers == 0
"""


def test_workers_by_option_and_by_configuration(project: pytest.Pytester) -> None:
    run(project, SHOWS_WORKERS, "--sealane-workers=1").assert_outcomes(passed=2)
    run(project, SHOWS_WORKERS, "-o", "sealane_workers=1").assert_outcomes(passed=2)
    both = ("-o", "sealane_workers=7", "--sealane-workers=1")
    run(project, SHOWS_WORKERS, *both).assert_outcomes(passed=2)
    outcome = run(project, SHOWS_WORKERS, "-o", "sealane_workers=two")
    outcome.stdout.fnmatch_lines(["*sealane_workers = two: it is a number of processes*"])


def test_a_project_without_programs_pays_nothing(project: pytest.Pytester) -> None:
    project.makepyfile(
        test_plain="""
import sys

def test_plain():
    assert "sealane.testing.plugin" in sys.modules
    ours = {name for name in sys.modules if name.startswith("sealane")}
    assert ours == {"sealane", "sealane.testing", "sealane.testing.plugin"}
    assert "numpy" not in sys.modules
"""
    )
    project.runpytest_subprocess("-p", "no:xdist", timeout=60).assert_outcomes(passed=1)


def test_the_package_needs_no_pytest() -> None:
    code = "import sys; from sealane.testing import Vm; Vm(); print('pytest' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
