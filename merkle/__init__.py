"""A Merkle commitment to accounts: 32 bytes, and proofs that an account is in it, or is not.

    accounts ── record_of ──▶ MerkleTree ── prove ──▶ Proof ── proof_json, encode_ics23 ──▶ anyone
                                  │ digest                                                    │
                                  ▼                                                           ▼
                                 root ───────────────────────────────────────────────▶ verify_proof

The tree is a compact sparse Merkle tree, as the SmtSpec of ICS-23 has it: see `hashing`.
Guarantees: the root depends on the accounts alone, not on the order of changes; a proof that
verifies says what an account holds, or that it does not exist. `verify_proof` needs nothing but the
proof and the root. Does not: keep the accounts themselves; prove anything about earlier states.
"""

from .account_content import AccountContent, exists
from .hashing import DEPTH_MAX, EMPTY_ROOT
from .proof import MERKLE_KIND, Absence, Existence, Inclusion, Proof, ProofDocument
from .proof_ics23 import encode_ics23
from .proof_json import PROOF_LEN_MAX, proof_document, read_proof_document
from .proving import prove
from .tree import MerkleTree, record_of
from .verification import Verdict, verify_proof

__all__ = [
    "DEPTH_MAX",
    "EMPTY_ROOT",
    "MERKLE_KIND",
    "PROOF_LEN_MAX",
    "Absence",
    "AccountContent",
    "Existence",
    "Inclusion",
    "MerkleTree",
    "Proof",
    "ProofDocument",
    "Verdict",
    "encode_ics23",
    "exists",
    "proof_document",
    "prove",
    "read_proof_document",
    "record_of",
    "verify_proof",
]
