"""Which files of the repository become which pages of the site, in the order of its navigation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final, TypeAlias

ROOT: Final = Path(__file__).resolve().parents[2]
REPOSITORY: Final = "https://github.com/sealane/sealane"

# A title leads to a file of the repository, a module, or a section of such.
Section: TypeAlias = Mapping[str, "str | Section"]

MODULE: Final = "module "

NAVIGATION: Final[Section] = {
    "Start": "README.md",
    "Learn": {
        "From nothing to a tested program": "docs/guide.md",
        "A program that holds tokens": "docs/holding-tokens.md",
        "Reading a block": "docs/reading-a-block.md",
        "Blocks of several chains": "docs/chains.md",
        "A block in a notebook": "examples/block.ipynb",
        "Blocks and schedules from Python": "docs/python.md",
        "Drawing a block": "docs/drawing.md",
        "Many blocks": "docs/surveys.md",
        "How a block is executed": "docs/running.md",
        "A durable store": "docs/store.md",
        "Proofs of accounts": "docs/proofs.md",
        "Running a node": "docs/node.md",
        "Watching a node": "docs/operating.md",
        "Signed transactions": "docs/wire.md",
        "Signatures and their rules": "docs/signatures.md",
    },
    "Reference": {
        "Writing programs": "docs/programs.md",
        "sealane": f"{MODULE}sealane",
        "sealane.errors": f"{MODULE}sealane.errors",
        "sealane.programs": f"{MODULE}sealane.programs",
        "Library of programs": {
            "The programs of a market": "docs/library.md",
            "system": f"{MODULE}sealane.programs.library.system",
            "token": f"{MODULE}sealane.programs.library.token",
            "associated_token": f"{MODULE}sealane.programs.library.associated_token",
            "memo": f"{MODULE}sealane.programs.library.memo",
            "compute_budget": f"{MODULE}sealane.programs.library.compute_budget",
            "amm": "docs/programs/amm.md",
            "clmm": "docs/programs/clmm.md",
            "lending": "docs/programs/lending.md",
            "options": "docs/programs/options.md",
            "oracle": "docs/programs/oracle.md",
            "orderbook": "docs/programs/orderbook.md",
            "perpetuals": "docs/programs/perpetuals.md",
            "securitization": "docs/programs/securitization.md",
            "stablecoin": "docs/programs/stablecoin.md",
            "staking": "docs/programs/staking.md",
            "vault": "docs/programs/vault.md",
        },
        "sealane.testing": f"{MODULE}sealane.testing",
        "sealane.scheduler": f"{MODULE}sealane.scheduler",
        "sealane.node": f"{MODULE}sealane.node",
        "sealane.wire": f"{MODULE}sealane.wire",
        "sealane.merkle": f"{MODULE}sealane.merkle",
    },
    "How it works": {
        "Architecture": "ARCHITECTURE.md",
        "The chain's rules": "docs/rules.md",
        "Policies of a simulation": "docs/policies.md",
        "Mempool and packing": "docs/packing.md",
        "Measurements": "docs/benchmarks.md",
        "Words": "docs/glossary.md",
        "Faults and bad input": "tests/faults/README.md",
    },
    "Project": {
        "Changes": "CHANGELOG.md",
        "Contributing": "CONTRIBUTING.md",
        "Security": "SECURITY.md",
        "Releasing": "RELEASING.md",
    },
}


def page_of(source: str) -> str:
    """The page that a file or module becomes: its path in the site's folder, as Markdown."""
    if source == "README.md":
        return "index.md"
    if source.startswith(MODULE):
        return f"reference/{source.removeprefix(MODULE)}.md"
    path = PurePosixPath(source)
    if path.name == "README.md":
        return f"{path.parent.name}.md"
    parts = path.parts[1:] if path.parts[0] == "docs" else path.parts
    return str(PurePosixPath(*parts).with_suffix(".md")).lower()


def sources(section: Section = NAVIGATION) -> Iterator[str]:
    """Every file and module that has a page, in order."""
    for entry in section.values():
        if isinstance(entry, str):
            yield entry
        else:
            yield from sources(entry)
