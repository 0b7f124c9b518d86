"""What is public: exported, completed by a REPL, and nothing beside."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
from types import ModuleType

import pytest

import sealane
from sealane import errors, primitives, programs, scheduler, testing
from sealane.programs import library

MODULES = ["errors", "programs", "scheduler", "testing"]
HELD = [
    "load", "LoadedBlock", "Schedule", "Runtime", "Transaction", "Instruction", "Account",
    "Result", "Receipt", "Pubkey", "SealaneError", "build_block",
]  # fmt: skip


def test_completion_of_the_package_is_what_it_exports() -> None:
    assert dir(sealane) == sorted([*sealane.__all__, *MODULES, "__version__"])
    assert set(HELD) <= set(sealane.__all__)
    assert sealane.__all__ == sorted(set(sealane.__all__), key=_as_ruff_sorts)


def _as_ruff_sorts(name: str) -> tuple[int, str]:
    """Constants, classes, the rest."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


@pytest.mark.parametrize("name", sealane.__all__)
def test_every_name_is_there_and_has_a_docstring(name: str) -> None:
    value = getattr(sealane, name)
    assert value is getattr(sealane, name)
    if inspect.isclass(value) or inspect.isfunction(value):
        assert value.__doc__, name


@pytest.mark.parametrize(
    "module", [errors, programs, scheduler, testing, library], ids=lambda m: m.__name__
)
def test_completion_of_a_module_is_what_it_exports(module: ModuleType) -> None:
    extra = {"library"} if module is programs else set[str]()
    assert set(dir(module)) == {*module.__all__, *extra}
    for name in module.__all__:
        assert getattr(module, name) is not None


def test_all_errors_are_in_one_module_and_at_the_top_where_users_meet_them() -> None:
    found = {
        name
        for name in primitives.__all__
        if inspect.isclass(kind := getattr(primitives, name)) and issubclass(kind, BaseException)
    }
    assert set(errors.__all__) == found
    assert all(getattr(errors, name) is getattr(primitives, name) for name in found)
    assert set(sealane.__all__) & found == found - {"DefinitionError", "ProgramFailure"}
    assert "├── InputError" in (errors.__doc__ or "")


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'laod'"):
        _ = getattr(sealane, "laod")  # noqa: B009


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = (
        "import sys, sealane; dir(sealane); print(sorted("
        "{'numpy', 'rustworkx', 'networkx', 'rich', 'orjson', 'typing'} & {*sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import site; site.main(); {code}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "numpy" not in done.stdout
    assert "rustworkx" not in done.stdout


@pytest.mark.parametrize("value", ["Runtime", "Result", "Schedule", "LoadedBlock", "Transaction"])
def test_completion_of_a_value_has_no_leftovers(value: str) -> None:
    names = [name for name in dir(getattr(sealane, value)) if not name.startswith("_")]
    assert {"annotations", "np", "importlib"}.isdisjoint(names)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_there_without_importing_it(name: str) -> None:
    assert getattr(sealane, name) is importlib.import_module(f"sealane.{name}")
