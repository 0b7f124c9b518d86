"""The messages of ABCI 2.0, as plain values, with their field numbers.

Names and numbers are those of `tendermint.abci` in CometBFT v0.38. Fields that a node neither reads
nor writes are not declared here: protobuf skips them, as it skips those of later versions. Every
field has a default, its type's zero, as proto3 has it.

Does not: know bytes; that is codec.py.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, Final, NamedTuple

Int64 = Annotated[int, "int64"]
UInt64 = Annotated[int, "uint64"]
UInt32 = Annotated[int, "uint32"]
Int32 = Annotated[int, "int32"]
Enumerated = Int32  # on the wire, an enum is one


class CheckType(IntEnum):
    NEW = 0
    RECHECK = 1


class ProposalStatus(IntEnum):
    UNKNOWN = 0
    ACCEPT = 1
    REJECT = 2


class VerifyStatus(IntEnum):
    UNKNOWN = 0
    ACCEPT = 1
    REJECT = 2


class OfferResult(IntEnum):
    """`ABORT`: and try no other snapshot either."""

    UNKNOWN = 0
    ACCEPT = 1
    ABORT = 2
    REJECT = 3


class ApplyResult(IntEnum):
    UNKNOWN = 0
    ACCEPT = 1
    ABORT = 2


class EchoRequest(NamedTuple):
    message: Annotated[str, 1] = ""


class FlushRequest(NamedTuple):
    pass


class InfoRequest(NamedTuple):
    version: Annotated[str, 1] = ""
    block_version: Annotated[UInt64, 2] = 0
    p2p_version: Annotated[UInt64, 3] = 0
    abci_version: Annotated[str, 4] = ""


class Timestamp(NamedTuple):
    """A moment in UTC, since 1970."""

    seconds: Annotated[Int64, 1] = 0
    nanos: Annotated[Int32, 2] = 0


class InitChainRequest(NamedTuple):
    """`app_state_bytes`: the genesis document's `app_state`, JSON."""

    time: Annotated[Timestamp | None, 1] = None
    chain_id: Annotated[str, 2] = ""
    app_state_bytes: Annotated[bytes, 5] = b""
    initial_height: Annotated[Int64, 6] = 0


class QueryRequest(NamedTuple):
    """`height`: 0 for the last committed block."""

    data: Annotated[bytes, 1] = b""
    path: Annotated[str, 2] = ""
    height: Annotated[Int64, 3] = 0
    prove: Annotated[bool, 4] = False


class CheckTxRequest(NamedTuple):
    """`type`: a CheckType. `type_v1`: where CometBFT v1 has it: 1 for a recheck, 2 for a check."""

    tx: Annotated[bytes, 1] = b""
    type: Annotated[Enumerated, 2] = CheckType.NEW
    type_v1: Annotated[Enumerated, 3] = 0

    @property
    def again(self) -> bool:
        return CheckType.RECHECK in (self.type, self.type_v1)


class CommitRequest(NamedTuple):
    pass


class ListSnapshotsRequest(NamedTuple):
    pass


class OfferSnapshotRequest(NamedTuple):
    app_hash: Annotated[bytes, 2] = b""


class LoadSnapshotChunkRequest(NamedTuple):
    height: Annotated[UInt64, 1] = 0
    format: Annotated[UInt32, 2] = 0
    chunk: Annotated[UInt32, 3] = 0


class ApplySnapshotChunkRequest(NamedTuple):
    chunk: Annotated[bytes, 2] = b""
    sender: Annotated[str, 3] = ""


class PrepareProposalRequest(NamedTuple):
    """`max_tx_bytes`: that the transactions of the answer may have together."""

    max_tx_bytes: Annotated[Int64, 1] = 0
    txs: Annotated[tuple[bytes, ...], 2] = ()
    height: Annotated[Int64, 5] = 0


class ProcessProposalRequest(NamedTuple):
    txs: Annotated[tuple[bytes, ...], 1] = ()
    hash: Annotated[bytes, 4] = b""
    height: Annotated[Int64, 5] = 0


class ExtendVoteRequest(NamedTuple):
    hash: Annotated[bytes, 1] = b""
    height: Annotated[Int64, 2] = 0


class VerifyVoteExtensionRequest(NamedTuple):
    hash: Annotated[bytes, 1] = b""
    validator_address: Annotated[bytes, 2] = b""
    height: Annotated[Int64, 3] = 0
    vote_extension: Annotated[bytes, 4] = b""


class FinalizeBlockRequest(NamedTuple):
    txs: Annotated[tuple[bytes, ...], 1] = ()
    hash: Annotated[bytes, 4] = b""
    height: Annotated[Int64, 5] = 0


class ExceptionResponse(NamedTuple):
    error: Annotated[str, 1] = ""


class EchoResponse(NamedTuple):
    message: Annotated[str, 1] = ""


class FlushResponse(NamedTuple):
    pass


class InfoResponse(NamedTuple):
    data: Annotated[str, 1] = ""
    version: Annotated[str, 2] = ""
    app_version: Annotated[UInt64, 3] = 0
    last_block_height: Annotated[Int64, 4] = 0
    last_block_app_hash: Annotated[bytes, 5] = b""


class InitChainResponse(NamedTuple):
    """No `validators`: the engine's own are taken."""

    app_hash: Annotated[bytes, 3] = b""


class ProofOp(NamedTuple):
    type: Annotated[str, 1] = ""
    key: Annotated[bytes, 2] = b""
    data: Annotated[bytes, 3] = b""


class ProofOps(NamedTuple):
    ops: Annotated[tuple[ProofOp, ...], 1] = ()


class QueryResponse(NamedTuple):
    code: Annotated[UInt32, 1] = 0
    log: Annotated[str, 3] = ""
    key: Annotated[bytes, 6] = b""
    value: Annotated[bytes, 7] = b""
    proof_ops: Annotated[ProofOps | None, 8] = None
    height: Annotated[Int64, 9] = 0
    codespace: Annotated[str, 10] = ""


class CheckTxResponse(NamedTuple):
    code: Annotated[UInt32, 1] = 0
    data: Annotated[bytes, 2] = b""
    log: Annotated[str, 3] = ""
    info: Annotated[str, 4] = ""
    gas_wanted: Annotated[Int64, 5] = 0
    gas_used: Annotated[Int64, 6] = 0
    codespace: Annotated[str, 8] = ""


class CommitResponse(NamedTuple):
    """`retain_height`: blocks below it may be removed; 0 keeps all."""

    retain_height: Annotated[Int64, 3] = 0


class ListSnapshotsResponse(NamedTuple):
    """Always none."""


class OfferSnapshotResponse(NamedTuple):
    """`result`: an OfferResult."""

    result: Annotated[Enumerated, 1] = OfferResult.UNKNOWN


class LoadSnapshotChunkResponse(NamedTuple):
    chunk: Annotated[bytes, 1] = b""


class ApplySnapshotChunkResponse(NamedTuple):
    """`result`: an ApplyResult."""

    result: Annotated[Enumerated, 1] = ApplyResult.UNKNOWN


class PrepareProposalResponse(NamedTuple):
    txs: Annotated[tuple[bytes, ...], 1] = ()


class ProcessProposalResponse(NamedTuple):
    """`status`: a ProposalStatus."""

    status: Annotated[Enumerated, 1] = ProposalStatus.UNKNOWN


class ExtendVoteResponse(NamedTuple):
    vote_extension: Annotated[bytes, 1] = b""


class VerifyVoteExtensionResponse(NamedTuple):
    """`status`: a VerifyStatus."""

    status: Annotated[Enumerated, 1] = VerifyStatus.UNKNOWN


class ExecTxResult(NamedTuple):
    """Code, data and gas are part of the next header, so every node must give the same."""

    code: Annotated[UInt32, 1] = 0
    data: Annotated[bytes, 2] = b""
    log: Annotated[str, 3] = ""
    info: Annotated[str, 4] = ""
    gas_wanted: Annotated[Int64, 5] = 0
    gas_used: Annotated[Int64, 6] = 0
    codespace: Annotated[str, 8] = ""


class FinalizeBlockResponse(NamedTuple):
    tx_results: Annotated[tuple[ExecTxResult, ...], 2] = ()
    app_hash: Annotated[bytes, 5] = b""


Request = (
    EchoRequest
    | FlushRequest
    | InfoRequest
    | InitChainRequest
    | QueryRequest
    | CheckTxRequest
    | CommitRequest
    | ListSnapshotsRequest
    | OfferSnapshotRequest
    | LoadSnapshotChunkRequest
    | ApplySnapshotChunkRequest
    | PrepareProposalRequest
    | ProcessProposalRequest
    | ExtendVoteRequest
    | VerifyVoteExtensionRequest
    | FinalizeBlockRequest
)
Response = (
    ExceptionResponse
    | EchoResponse
    | FlushResponse
    | InfoResponse
    | InitChainResponse
    | QueryResponse
    | CheckTxResponse
    | CommitResponse
    | ListSnapshotsResponse
    | OfferSnapshotResponse
    | LoadSnapshotChunkResponse
    | ApplySnapshotChunkResponse
    | PrepareProposalResponse
    | ProcessProposalResponse
    | ExtendVoteResponse
    | VerifyVoteExtensionResponse
    | FinalizeBlockResponse
)

# The field of `Request` or `Response` in which each travels.
REQUESTS: Final[dict[type[Request], int]] = {
    EchoRequest: 1,
    FlushRequest: 2,
    InfoRequest: 3,
    InitChainRequest: 5,
    QueryRequest: 6,
    CheckTxRequest: 8,
    CommitRequest: 11,
    ListSnapshotsRequest: 12,
    OfferSnapshotRequest: 13,
    LoadSnapshotChunkRequest: 14,
    ApplySnapshotChunkRequest: 15,
    PrepareProposalRequest: 16,
    ProcessProposalRequest: 17,
    ExtendVoteRequest: 18,
    VerifyVoteExtensionRequest: 19,
    FinalizeBlockRequest: 20,
}
RESPONSES: Final[dict[type[Response], int]] = {
    ExceptionResponse: 1,
    EchoResponse: 2,
    FlushResponse: 3,
    InfoResponse: 4,
    InitChainResponse: 6,
    QueryResponse: 7,
    CheckTxResponse: 9,
    CommitResponse: 12,
    ListSnapshotsResponse: 13,
    OfferSnapshotResponse: 14,
    LoadSnapshotChunkResponse: 15,
    ApplySnapshotChunkResponse: 16,
    PrepareProposalResponse: 17,
    ProcessProposalResponse: 18,
    ExtendVoteResponse: 19,
    VerifyVoteExtensionResponse: 20,
    FinalizeBlockResponse: 21,
}
