"""The face of `sealane.scheduler`: what it exports, imports, and says in its docstring."""

from __future__ import annotations

import ast
import doctest
import subprocess
import sys
from pathlib import Path

from sealane import scheduler

EXPORTED = [
    "ACCOUNTS_MAX",
    "TRANSACTIONS_MAX",
    "AccessLists",
    "Bottleneck",
    "Conflict",
    "ConflictKind",
    "CriticalPath",
    "Dag",
    "Dependency",
    "Explanation",
    "HotAccount",
    "HotGroup",
    "Joins",
    "Knot",
    "NamedAccess",
    "Plan",
    "Predecessor",
    "Prediction",
    "ReadyQueue",
    "Schedule",
    "Simulation",
    "Step",
    "Waves",
    "Win",
    "blocking_accounts",
    "build_dag",
    "conflicts_between",
    "critical_path",
    "dependency",
    "explain",
    "hot_accounts",
    "hot_groups",
    "knots",
    "legal_order",
    "make_plan",
    "parallelism",
    "plan_isolated",
    "simulate",
    "to_networkx",
    "worst_bottlenecks",
]


def test_exports() -> None:
    assert scheduler.__all__ == EXPORTED
    assert [name for name in EXPORTED if not hasattr(scheduler, name)] == []


def test_the_example_in_the_docstring_runs() -> None:
    outcome = doctest.testmod(scheduler)
    assert (outcome.attempted > 0, outcome.failed) == (True, 0)


def test_it_imports_the_leaf_alone_of_ours_and_only_two_libraries() -> None:
    """Start-up pays for numpy and rustworkx; networkx is imported where it is called for."""
    folder = Path(scheduler.__file__).parent
    imported: set[str] = set()
    for path in sorted(folder.rglob("*.py")):
        depth = len(path.relative_to(folder).parts)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                # What a block's file calls things is a matter of rooms; the rest is on its own.
                is_leaf = depth > 1 and (node.module or "").startswith("primitives")
                allowed = depth + 1 if is_leaf else depth
                assert node.level <= allowed, f"{path.name} reaches out of its layer"
                imported |= {(node.module or "").split(".")[0]} if node.level == 0 else set()
    assert imported - sys.stdlib_module_names == {"numpy", "rustworkx"}


def test_networkx_is_not_loaded_until_it_is_needed() -> None:
    code = "import sys, sealane.scheduler; print('networkx' in sys.modules)"
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == "False"
