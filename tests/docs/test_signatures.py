"""The page of signatures names every scheme and its library, and the limits that hold."""

from __future__ import annotations

import pytest

from sealane.cli.inputs.signatures import SignatureMode
from sealane.ingest.ethereum.signed import HOMESTEAD
from sealane.runtime.workers.retry import TRIES_MAX
from sealane.signatures import Scheme
from sealane.signatures.schemes import CONTEXT_LEN_MAX

from . import documented

TEXT = (documented.DOCS / "signatures.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", Scheme)
def test_every_scheme_has_a_row(scheme: Scheme) -> None:
    (row,) = [line for line in TEXT.splitlines() if line.startswith(f"| `{scheme}` |")]
    assert row.endswith(" µs |")


@pytest.mark.parametrize("mode", SignatureMode)
def test_every_mode_has_a_row(mode: SignatureMode) -> None:
    assert len([line for line in TEXT.splitlines() if line.startswith(f"| `{mode}`")]) == 1


def test_limits_are_those_that_hold() -> None:
    assert f"at most {CONTEXT_LEN_MAX[Scheme.ML_DSA_44]} bytes" in TEXT
    assert f"Before block {HOMESTEAD:,}" in TEXT
    assert TRIES_MAX == 3
    assert "three times at most" in TEXT
