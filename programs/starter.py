"""The files of a new program: itself, its tests and a fixture, for `sealane new`.

Guarantees: what is written here runs, passes its tests and a strict type checker as it stands, as
a test holds it to; the name is one that Python, pytest and Sealane take. Does not: write anything.
"""

from __future__ import annotations

import builtins
import keyword
import re
import sys
from importlib.util import find_spec
from typing import Final

from ..primitives import UsageError
from . import builtin_programs, kit
from .library.on_demand import ON_DEMAND

NAME_LEN_MAX: Final = 40
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_USED: Final = (
    *("increment", "state", "authority", "by", "vm", "alice", "mallory", "tally"),
    *("conftest", "pytest", "sealane", "clock", "rent", "recent_blockhashes"),
)
_YAML_WORDS: Final = ("null", "true", "false", "yes", "no", "on", "off", "y", "n")

_PROGRAM: Final = '''\
"""{title}: counts for an authority. A start for a program of your own."""

from sealane.programs import Errors, Layout, Mut, Program, Pubkey, Signer, require, u64


class {title}State(Layout):
    """What an account of this program holds."""

    authority: Pubkey
    count: u64


class {title}Error(Errors):
    """How this program fails on its own account."""

    WrongAuthority = 1, "the signer is not this account's authority"


{name} = Program(
    "{name}",
    errors={title}Error,
    layouts=[{title}State],
    about="counts for an authority",
)


@{name}.instruction(tag=0)
def increment(state: Mut[{title}State], authority: Signer, by: u64) -> None:
    """Add `by` to the count; `authority` is the account's own."""
    is_own = state.authority == authority.key
    require(is_own, {title}Error.WrongAuthority, account=state)
    state.count += by
'''

_TEST: Final = '''\
"""What {name} does, and what it refuses."""

from sealane.testing import Vm

from {name} import {title}State, {name}


def test_the_authority_counts(vm: Vm) -> None:
    vm.set_account("tally", data={title}State(authority="alice", count=5))
    vm.send({name}.increment(state="tally", authority="alice", by=2))
    assert vm.read("tally", {title}State).count == 7


def test_nobody_else_does(vm: Vm) -> None:
    vm.set_account("tally", data={title}State(authority="alice", count=5))
    with vm.fails("{name}.WrongAuthority", account="tally"):
        vm.send({name}.increment(state="tally", authority="mallory", by=2))
    assert vm.read("tally", {title}State).count == 5
'''

_FIXTURE: Final = """\
# yaml-language-server: $schema={name}.schema.json
sealane: 1
why: two additions to one account, the second by somebody who may not

accounts:
  alice: {{lamports: 1_000_000}}
  mallory: {{lamports: 1_000_000}}
  tally:
    lamports: 1_169_280
    owner: {name}
    data: {{layout: {name}.{title}State, authority: alice, count: 5}}

transactions:
  - id: counts
    payer: alice
    instructions:
      - {name}.increment: {{state: tally, authority: alice, by: 2}}
    expect: {{ok: true}}
  - id: theft
    payer: mallory
    instructions:
      - {name}.increment: {{state: tally, authority: mallory, by: 40}}
    expect: {{error: {name}.WrongAuthority}}

expect:
  waves: [[counts], [theft]]
  accounts:
    tally: {{data: {{count: 7}}}}
  lamports_conserved: true
"""


def starter_files(name: str) -> dict[str, str]:
    """The texts of a new program's files, by file name; the program itself first.

    Raises UsageError for a name that cannot be one.
    """
    _check_name(name)
    title = "".join(part.capitalize() for part in name.split("_"))
    texts = {f"{name}.py": _PROGRAM, f"test_{name}.py": _TEST, f"{name}.yaml": _FIXTURE}
    return {file: text.format(name=name, title=title) for file, text in texts.items()}


def _check_name(name: str) -> None:
    fault = _fault(name)
    if fault is not None:
        raise UsageError(f"a program cannot be called {name!r}: {fault}; choose another name")


def _fault(name: str) -> str | None:
    if not _NAME.fullmatch(name) or len(name) > NAME_LEN_MAX:
        return f"a name is up to {NAME_LEN_MAX} of a-z, 0-9 and _, a letter first"
    if keyword.iskeyword(name) or keyword.issoftkeyword(name) or hasattr(builtins, name):
        return "it is a word of Python's own"
    if name in sys.stdlib_module_names:
        return "Python's library has a module of this name"
    if name in _YAML_WORDS:
        return "in YAML it is no text, or not in every YAML"
    if name.startswith("test_") or name in _USED or name in kit.__all__:
        return "its files use the name for something else"
    if name in ON_DEMAND or any(program.name == name for program in builtin_programs()):
        return "the library has a program of this name"
    return "a module of this name is installed" if find_spec(name) is not None else None
