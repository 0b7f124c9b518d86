"""What each request asks of the application, and its answer as the response.

Guarantees: a request gets the response of its kind, or an exception; nothing here keeps state, so
what is legal when is the application's to say. Does not: catch what ends a node; see `Halt`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from ...primitives import Account, InputError, Pubkey, SealaneError
from ..answers import Answer, Checked, Finalized, Info, Outcome
from ..limits import ProposalLimits
from . import messages
from .messages import Request, Response

PROOF_TYPE: Final = "ics23:smt"  # a CommitmentProof of ICS-23, as cosmos-sdk names it
ERROR_LEN_MAX: Final = 1_000  # characters of an exception; it may quote what the client sent


class Driven(Protocol):
    """The application, as far as an engine drives it. `sealane.node.Application` is one.

    Raises InputError for a call that is not legal now, which changes nothing.
    """

    def info(self) -> Info: ...
    def start_chain(
        self,
        chain_id: str,
        accounts: Mapping[Pubkey, Account] | None = None,
        *,
        app_state: bytes = b"",
        initial_height: int = 1,
        genesis_time_ms: int = 0,
    ) -> Info: ...
    def check(self, tx: bytes, *, again: bool = False) -> Checked: ...
    def prepare(self, txs: Sequence[bytes], limits: ProposalLimits) -> list[bytes]: ...
    def process(self, txs: Sequence[bytes]) -> bool: ...
    def finalize(self, height: int, txs: Sequence[bytes]) -> Finalized: ...
    def commit(self) -> Info: ...
    def query(self, path: str, data: bytes, *, height: int = 0, prove: bool = False) -> Answer: ...


class Halt(Exception):
    """The node must not answer anything any more, because of `error`."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        text = str(error) if isinstance(error, SealaneError) else f"{type(error).__name__}: {error}"
        super().__init__(f"{text}; this node stops")


def exception(text: str) -> messages.ExceptionResponse:
    """An exception that says this, or the beginning of it."""
    cut = len(text) > ERROR_LEN_MAX
    return messages.ExceptionResponse(text[: ERROR_LEN_MAX - 1] + "…" if cut else text)


def respond_alone(request: Request) -> Response | None:
    """The response to a request that is not about the application's state; None for others."""
    match request:
        case messages.EchoRequest():
            return messages.EchoResponse(request.message)
        case messages.FlushRequest():
            return messages.FlushResponse()
        case messages.ListSnapshotsRequest():
            return messages.ListSnapshotsResponse()
        case messages.LoadSnapshotChunkRequest():
            return messages.LoadSnapshotChunkResponse()
        case messages.OfferSnapshotRequest():
            # There are no snapshots of any format: trying others is of no use.
            return messages.OfferSnapshotResponse(messages.OfferResult.ABORT)
        case messages.ApplySnapshotChunkRequest():
            return messages.ApplySnapshotChunkResponse(messages.ApplyResult.ABORT)
        case messages.ExtendVoteRequest():
            return messages.ExtendVoteResponse()
        case messages.VerifyVoteExtensionRequest():
            # Ours are empty, so one that is not is none of ours.
            status = messages.VerifyStatus
            return messages.VerifyVoteExtensionResponse(
                status.REJECT if request.vote_extension else status.ACCEPT
            )
        case _:
            return None


def respond(
    application: Driven, request: Request, genesis: Mapping[Pubkey, Account] | None = None
) -> Response:
    """Ask the application. `genesis`: the accounts that its chain begins with; if the
    engine gives some, too, they must be the same.

    Raises Halt if the machine, or our own code, failed."""
    try:
        alone = respond_alone(request)
        return _asked(application, request, genesis) if alone is None else alone
    except InputError as error:
        return exception(str(error))
    except Exception as error:
        raise Halt(error) from error


def _asked(
    application: Driven, request: Request, genesis: Mapping[Pubkey, Account] | None
) -> Response:
    match request:
        case messages.InfoRequest():
            return _info(application.info())
        case messages.InitChainRequest():
            return _begun(application, request, genesis)
        case messages.QueryRequest():
            return _answer(
                application.query(
                    request.path, request.data, height=request.height, prove=request.prove
                )
            )
        case messages.CheckTxRequest():
            return _checked(application.check(request.tx, again=request.again))
        case messages.PrepareProposalRequest():
            return messages.PrepareProposalResponse(
                tuple(application.prepare(request.txs, _limits(request)))
            )
        case messages.ProcessProposalRequest():
            status = messages.ProposalStatus
            return messages.ProcessProposalResponse(
                status.ACCEPT if application.process(request.txs) else status.REJECT
            )
        case messages.FinalizeBlockRequest():
            return _finalized(application.finalize(request.height, request.txs))
        case messages.CommitRequest():
            application.commit()
            return messages.CommitResponse()
        case _:
            raise TypeError(f"no answer to {type(request).__name__}")


def _begun(
    application: Driven,
    request: messages.InitChainRequest,
    genesis: Mapping[Pubkey, Account] | None,
) -> Response:
    time = request.time or messages.Timestamp()
    begun = application.start_chain(
        request.chain_id,
        genesis,
        app_state=request.app_state_bytes,
        initial_height=request.initial_height or 1,  # 0 is how protobuf spells "not said"
        genesis_time_ms=time.seconds * 1_000 + time.nanos // 1_000_000,
    )
    return messages.InitChainResponse(begun.root)


def _limits(request: messages.PrepareProposalRequest) -> ProposalLimits:
    """What the engine allows, but never more than every node accepts."""
    allowed = ProposalLimits()
    return allowed._replace(bytes_max=min(request.max_tx_bytes, allowed.bytes_max))


def _info(info: Info) -> Response:
    return messages.InfoResponse(
        data="sealane",
        version=info.version,
        app_version=info.protocol,
        last_block_height=info.height,
        last_block_app_hash=info.root,
    )


def _checked(checked: Checked) -> Response:
    return messages.CheckTxResponse(
        code=checked.code,
        log=checked.log,
        gas_wanted=checked.compute_units,
        codespace=checked.codespace,
    )


def _answer(answer: Answer) -> Response:
    proof = (
        messages.ProofOps((messages.ProofOp(PROOF_TYPE, answer.key, answer.proof),))
        if answer.proof
        else None
    )
    return messages.QueryResponse(
        code=answer.code,
        log=answer.log,
        key=answer.key,
        value=answer.value,
        proof_ops=proof,
        height=answer.height,
        codespace=answer.codespace,
    )


def _finalized(finalized: Finalized) -> Response:
    return messages.FinalizeBlockResponse(
        tuple(_outcome(each) for each in finalized.outcomes), finalized.root
    )


def _outcome(outcome: Outcome) -> messages.ExecTxResult:
    return messages.ExecTxResult(
        code=outcome.code,
        data=outcome.data,
        log=outcome.log,
        info=outcome.id,
        gas_wanted=outcome.compute_units_max,
        gas_used=outcome.compute_units,
        codespace=outcome.codespace,
    )
