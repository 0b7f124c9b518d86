"""Several runtimes in several threads: row 49 of the fault list."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .scripts import DEADLINE_OF_SCRIPT_S

PROGRAM = """
from sealane.programs import Layout, Mut, Program, u64

class S(Layout):
    a: u64

counter = Program("threaded", layouts=[S])

@counter.instruction(tag=0)
def inc(s: Mut[S]) -> None:
    s.a += 1
"""
# Unguarded, as scripts are written: whoever imports it, runs it.
SCRIPT = """
import os, sys, tempfile, threading
with open("ran", "a") as ran:
    ran.write(f"{__name__}\\n")
import sealane
from threaded_program import S, counter, inc

before = sys.modules["__main__"], sys.getrecursionlimit(), dict(os.environ), sys.path.copy()
results = []

def job():
    with sealane.Runtime(workers=1, programs=[counter]) as runtime:
        runtime.set_account("s", lamports=1, owner="threaded", data=S(a=0))
        results.append(runtime.execute([sealane.Transaction([inc(s="s")])]).transactions[0].ok)

threads = [threading.Thread(target=job) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
after = sys.modules["__main__"], sys.getrecursionlimit(), dict(os.environ), sys.path
print(results == [True] * 6, after == before, job is not None)
print(os.listdir(tempfile.gettempdir()))
"""


def test_row_49_workers_started_from_several_threads(tmp_path: Path) -> None:
    """The script runs once, nothing process-wide is changed, and no temporary folder is made."""
    (tmp_path / "threaded_program.py").write_text(PROGRAM)
    (tmp_path / "script.py").write_text(SCRIPT)
    (tmp_path / "temporary").mkdir()
    done = subprocess.run(
        ["env", f"TMPDIR={tmp_path / 'temporary'}", sys.executable, "script.py"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=DEADLINE_OF_SCRIPT_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "True True True\n[]\n"
    assert (tmp_path / "ran").read_text() == "__main__\n"
