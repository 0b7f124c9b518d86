"""Opens a proof that the user names: strict JSON, bounded."""

from __future__ import annotations

from ...ingest.files.json_reader import read_json
from ...ingest.files.reading import read_bytes
from ...merkle import PROOF_LEN_MAX, ProofDocument, read_proof_document
from ...primitives import InputError


def read_proof(file: str) -> ProofDocument:
    """The proof in a file; `-` is standard input. Raises InputError with the file."""
    parsed = read_json(read_bytes(file, len_max=PROOF_LEN_MAX).decode(), file)
    try:
        return read_proof_document(parsed.value)
    except InputError as error:
        raise InputError(error.message, path=file) from error
