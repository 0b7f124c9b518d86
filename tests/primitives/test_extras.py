"""Where an extra is missing, people are told the command that installs it where they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sealane.primitives.extras import how_to_install

CLONE = Path(__file__).parents[2]


def test_in_an_environment_of_ones_own_pip_installs_it() -> None:
    assert how_to_install("node", prefix="/usr") == "pip install 'sealane[node]'"
    assert how_to_install("node", prefix=str(CLONE)) == "pip install 'sealane[node]'"


def test_in_the_environment_of_a_clone_its_own_script_does() -> None:
    command = how_to_install("node", prefix=str(CLONE / ".venv"))
    assert command == f"python3 {CLONE / 'dev'} extras"
    listed = subprocess.run([sys.executable, CLONE / "dev"], capture_output=True, text=True)
    assert "dev extras " in listed.stdout
