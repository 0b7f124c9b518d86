"""The house, drawn: which room may import from which. What is drawn here is what is tested.

Every arrow leads down, so there is no circle of rooms; of files none is allowed either. A folder
within a room, as runtime/batch/by_row, is a part of it. All rooms may import from primitives, the
ground that they stand on, so those arrows are not drawn.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import pytest

from .reading import BESIDE, House, read_house
from .rules import (
    Drawing,
    by_name,
    circles,
    dynamic,
    misplaced,
    too_large,
    undrawn,
    unpacked,
    unused,
    upward,
)

#  room → rooms of its own floor | rooms of floors below     (·: the floor's own folder)
HOUSE: Final = """
══ sealane ════════════════════════════════════════════════════ what users import: the face
  ·            →  | cli testing ingest runtime programs scheduler

══ cli ════════════════════════════════════════════════════════════ parses, calls, renders
  ·            →  commands output
                  | analysis/survey
  commands     →  render report_page reports inputs output
                  | node/{·,abci,chain,metrics,stress}
                  | analysis/{learning,lint,survey} bench/{·,measure} testing/{·,checked_runs}
                  | ingest/{·,building,fixture,files,sei} runtime merkle signatures programs
                  | programs/library programs/kit/program scheduler
  render       →  reports inputs output
                  | node/{metrics,stress}
                  | analysis/{learning,lint,survey} bench/{·,measure} testing/checked_runs
                  | ingest/sei runtime/{·,store} merkle signatures programs/kit/program scheduler
  report_page  →  | analysis/survey scheduler
  reports      →  inputs output
                  | node/metrics
                  | testing/{·,checked_runs} ingest/files runtime/{·,store} merkle signatures
                  | programs/kit/program scheduler
  inputs       →  output
                  | analysis/learning bench testing/checked_runs ingest/{·,building,fixture,files}
                  | runtime/{·,block} merkle signatures programs programs/library
                  | programs/kit/{·,program} scheduler
  output       →

══ node ══════════════════════════════════════ a chain around it: what an engine drives
  stress       →  abci mempool
                  | ingest/workloads wire signatures programs/library
  abci         →  ·
  metrics      →  ·
                  | runtime/process
  ·            →  chain mempool
                  | runtime/{·,block,svm} merkle wire signatures
                  | programs programs/library programs/kit scheduler
  chain        →  | ingest/{·,building,files,fixture} runtime/{·,state,commitments}
                  | programs/kit/{·,program,accounts} scheduler
  mempool      →

══ analysis ══════════════════════════════ questions about loaded blocks, and about many files
  ·            →
  learning     →  | scheduler
  lint         →  | ingest/{·,sei,solana} runtime/{·,block,svm} programs/library
                  | scheduler
  survey       →  | ingest/{·,building,files} runtime/{process,workers} programs/kit scheduler

══ bench ═════════════════════════════════════════════════════════ measures, beside others
  ·            →  families measure peers
                  | ingest/workloads
  families     →  workload measure peers
                  | ingest/{·,building,fixture,solana,workloads}
                  | runtime/{·,engine,state,commitments,workers,memory,svm,columns} signatures
                  | programs/{·,library} programs/kit/{·,program} scheduler
  workload     →  measure peers
                  | runtime/{·,state,block,columns} programs/library programs/kit/{·,program}
                  | scheduler
  measure      →  | runtime/process
  peers        →  | scheduler

══ testing ══════════════════════════════════════════ for authors of programs; checked runs
  ·            →  | runtime/{·,engine,state,memory,svm,block}
                  | programs programs/kit/{·,program,handlers,accounts,encoding} scheduler
  checked_runs →  | ingest/{building,ethereum,fixture,files,solana} runtime/{·,state,block}
                  | signatures programs/library programs/kit/{·,program}

══ ingest ══════════════════════════════════════════════════════════════ files into blocks
  ·            →  ethereum solana sei building fixture workloads files
                  | runtime signatures programs programs/kit/{·,program} scheduler
  ethereum     →  building files
                  | runtime/{·,block} signatures scheduler
  solana       →  building files
                  | runtime/{·,block} wire signatures scheduler
  sei          →  building files
                  | runtime/{·,block} scheduler
  building     →  fixture files
                  | runtime/{·,block} wire signatures programs programs/kit/{·,program,encoding}
                  | scheduler
  fixture      →  workloads files
                  | wire signatures programs/kit/program scheduler
  workloads    →
  files        →

══ runtime ═══════════════════════════════════════════════════════════════════ runs a block
  ·            →  engine store state commitments workers memory svm block process
                  | merkle signatures programs programs/kit/{·,program} scheduler
  engine       →  workers batch commitments memory svm block process columns
                  | signatures programs/kit/{program,accounts} scheduler
  store        →  state commitments columns
  state        →  commitments block columns
                  | programs/kit/{·,program,handlers,accounts,encoding}
  workers      →  batch commitments memory svm block process columns
                  | signatures programs/kit/{·,program,accounts} scheduler
  batch        →  memory svm block process columns
                  | wire programs/kit/{·,program,batch,handlers,accounts,encoding,columns}
  svm          →  block process columns
                  | wire programs/library programs/kit/{·,program,handlers,accounts}
  commitments  →  columns
                  | merkle
  block        →  columns
                  | programs/kit scheduler
  memory       →  process columns
                  | programs/kit/{·,accounts,columns}
  process      →
  columns      →  | programs/kit/columns

══ wire ═════════════════════════════════════ transactions as bytes, and what is signed of them
  ·            →  | signatures

══ signatures ══════════════════════════════════════════════ schemes: keys, signing, verifying
  ·            →

══ merkle ═══════════════════════════════════ a commitment to accounts; proofs, verifying them
  ·            →

══ programs ═════════════════════════════════════════════════ the library, and the kit below
  ·            →  library
                  | programs/kit/{·,program}
  library      →  | programs/kit

══ programs/kit ══════════════════════════════════════════════════════ for writing programs
  ·            →  program handlers accounts encoding columns
  program      →  batch handlers accounts encoding
  batch        →  handlers accounts encoding columns
  handlers     →  accounts encoding columns
  accounts     →  encoding columns
  encoding     →
  columns      →

══ scheduler ═════════════════════════════════════════════════════ who must wait for whom
  ·            →

══ primitives ══════════════════════════════ the ground: keys, accounts, instructions, errors
  ·            →
"""

# What the eye of a test cannot follow, and why it has to be.
NAMED_IN_STRINGS: Final = {
    # The fork server is a fresh interpreter, which is told what to import.
    ("runtime/process/fork_server.py", "runtime/workers/fork_server_main.py"),
    ("analysis/survey/server.py", "analysis/survey/worker.py"),
    # Asks whether it is this one's frame that forked.
    ("runtime/process/forked_child.py", "runtime/process/serving.py"),
}
IMPORTS_AT_RUN_TIME: Final = {
    "__init__.py",  # public names, when they are first used: listed under TYPE_CHECKING, too
    "runtime/__init__.py",  # likewise
    "scheduler/__init__.py",  # likewise
    "testing/__init__.py",  # likewise
    "analysis/survey/__init__.py",  # likewise
    "bench/peers/presence.py",  # looks whether a library to compare with is there
    "cli/inputs/known_programs.py",  # the user's modules, of --program
    "ingest/workloads/registry.py",  # the module of a generator, when it is asked for
    "programs/library/on_demand.py",  # a program of the library, when it is asked for
    "primitives/transaction.py",  # unpickling: the module of the user's program
    "runtime/workers/enum_pickling.py",  # the module of the user's enum
    "runtime/workers/program_source.py",  # the user's programs, in a worker
}

# Where each library may be imported: in few places, numpy apart.
LIBRARIES: Final = {
    "Crypto": ["primitives/keccak.py"],
    "base58": ["primitives/pubkey.py", "ingest/solana/encoded.py"],
    "blake3": ["runtime/commitments/lattice_hash.py"],
    "bokeh": ["cli/report_page/charts.py"],
    "cryptography": ["signatures/ml_dsa.py"],
    "dill": ["runtime/workers/enum_pickling.py", "runtime/workers/program_source.py"],
    "ed25519_zebra": ["signatures/ed25519_zip215.py"],
    "ethereum_rlp": ["ingest/ethereum/rlp.py"],
    "google": ["node/abci/codec.py"],
    "hypothesis": ["testing/batch.py", "testing/batch_rows.py"],
    "multiprocess": ["runtime/process/connection.py", "runtime/process/serving.py"],
    "networkx": [
        "bench/peers/networkx_dag.py",
        "cli/reports/graph/networkx_formats.py",
        "scheduler",
    ],
    "numpy": [
        "analysis",
        "bench",
        "cli",
        "ingest",
        "programs/kit",
        "runtime",
        "scheduler",
        "testing",
    ],
    "orjson": ["bench", "cli/output/stdout.py", "ingest/read_input.py"],
    "prometheus_client": ["node/metrics/prometheus.py", "node/metrics/reading.py"],
    "pyarrow": ["analysis/survey/parquet_table.py"],
    "pytest": ["testing/plugin.py"],
    "rich": ["cli/output/progress.py", "cli/render"],
    "rustworkx": ["scheduler"],
    "solders": ["bench/peers/litesvm.py", "signatures/ed25519_strict.py"],
    "typer": ["cli"],
    "wallycore": ["signatures/secp256k1.py"],
    "yaml": ["ingest/files/yaml_reader.py"],
}

FILES_MAX: Final = 15  # in a folder, __init__.py apart
LINES_MAX: Final = 400
CROWDS: Final = {
    "bench/families": "a family of scenarios to a file",
    "cli/commands": "a command to a file",
    "cli/render": "a view for each command, beside what views share",
    "ingest/solana": "a part of a node's answer to a file",
    "ingest/workloads": "the workloads of a program to a file, and what they share",
    "primitives": "what all rooms share, a concept to a file",
    "programs/library/token": "the instructions of SPL Token, a kind to a file",
    "runtime/store": "one file format to a file, and what opens, checks and compacts them",
    "runtime/svm": "the rules of the Solana runtime, one to a file",
    "scheduler": "one question about a schedule to a file",
    "scheduler/schedule": "one kind of answer to a file, in the names of the block's own",
    "tests/cli/commands": "a command to a file, as cli/commands, and two to large ones",
    "tests/faults": "a group of the fault list's rows to a file",
    "tests/programs/library": "a program to a file, and a concept of the large ones",
    "tests/scheduler": "as scheduler, with the oracles that it is held to",
}
LONG_FILES: Final = {
    "runtime/runtime.py": "the face of a runtime, and most of it says what each part does"
}

PACKAGE: Final = Path(sys.modules["sealane"].__file__ or "").parent
DRAWING: Final = Drawing.parse(HOUSE)


@pytest.fixture(scope="module")
def house() -> House:
    return read_house(PACKAGE)


def test_every_import_between_rooms_is_drawn(house: House) -> None:
    assert list(undrawn(house, DRAWING)) == []


def test_every_arrow_is_used(house: House) -> None:
    assert list(unused(house, DRAWING)) == []


def test_every_arrow_leads_down() -> None:
    assert list(upward(DRAWING)) == []


def test_no_files_form_a_circle(house: House) -> None:
    assert list(circles(house)) == []


def test_modules_that_are_named_in_strings_are_known(house: House) -> None:
    assert list(by_name(house, NAMED_IN_STRINGS)) == []
    assert list(dynamic(house, IMPORTS_AT_RUN_TIME)) == []


def test_each_library_stays_in_its_place(house: House) -> None:
    own = sys.stdlib_module_names | {"sealane", "_typeshed"}
    assert list(misplaced(house, LIBRARIES, own)) == []


def test_proc_is_read_in_one_module(house: House) -> None:
    readers = {m.path for m in house.modules.values() if any("/proc" in word for word in m.words)}
    assert readers == {"runtime/process/proc.py"}


def test_pyproject_names_every_folder(house: House) -> None:
    assert list(unpacked(house)) == []


def test_no_folder_is_a_crowd() -> None:
    counts: dict[str, int] = {}
    for path in _sources():
        if path.name != "__init__.py":
            folder = path.parent.relative_to(PACKAGE).as_posix()
            counts[folder] = counts.get(folder, 0) + 1
    assert list(too_large(counts, FILES_MAX, CROWDS, "files")) == []


def test_no_file_holds_two_concepts() -> None:
    lines = {
        path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8").count("\n")
        for path in _sources()
    }
    assert list(too_large(lines, LINES_MAX, LONG_FILES, "lines")) == []


def _sources() -> list[Path]:
    """All code of the repository, tests included."""
    folders = [PACKAGE / name for name in BESIDE]
    folders += [path for path in PACKAGE.iterdir() if (path / "__init__.py").exists()]
    inner = [path for folder in folders for path in folder.rglob("*.py")]
    return [*PACKAGE.glob("*.py"), *inner]
