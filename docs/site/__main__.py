"""Builds and checks the site: `python3 dev docs`, and the page to open is said at the end."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

from .assembly import DeadLinks, assemble
from .check import faults_of
from .pages import ROOT

BUILT: Final = ROOT / "build" / "site"


def main() -> int:
    try:
        configuration = assemble(BUILT)
    except DeadLinks as error:
        return fail(str(error))
    build = ("zensical", "build", "--strict", "--clean", "--config-file", str(configuration))
    code = subprocess.run([sys.executable, "-m", *build], check=False).returncode
    if code:
        return code
    if faults := list(faults_of(BUILT / "html")):
        return fail("\n".join(faults))
    print(f"the site is built: {(BUILT / 'html' / 'index.html').relative_to(ROOT)}")
    return 0


def fail(faults: str) -> int:
    print(faults, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
