"""`--program` where a name chooses and MODULE:ATTRIBUTE loads."""

from __future__ import annotations

from sealane.cli.inputs.program_options import split_programs


def test_a_colon_makes_it_a_module() -> None:
    assert split_programs(["a:b", "token", "c.d:e"]) == (["a:b", "c.d:e"], ["token"])
    assert split_programs([]) == ([], [])
