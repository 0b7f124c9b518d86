"""The JSON document of `sealane programs`: descriptions with their own keys.

A list has names only; a single program, instruction or layout is shown in full.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ...programs.kit.program.description import ProgramDescription
from ..inputs.described import Described, ProgramList


def programs_document(found: Described) -> dict[str, Any]:
    """`programs --json`."""
    if not isinstance(found, ProgramList):
        return asdict(found)
    installed = [{"name": name, "value": value} for name, value in found.installed.items()]
    return {"programs": [_in_list(each) for each in found.programs], "installed": installed}


def _in_list(described: ProgramDescription) -> dict[str, Any]:
    parts = {
        "instructions": described.instructions,
        "layouts": described.layouts,
        "errors": described.errors,
    }
    return {
        "name": described.name,
        "key": described.key,
        "about": described.about,
        **{kind: [each.name for each in each_kind] for kind, each_kind in parts.items()},
    }
