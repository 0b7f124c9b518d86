"""What can go wrong between an engine and a node, as their places in the tree of errors."""

from __future__ import annotations

from ...primitives import InputError, MachineError


class ProtocolError(InputError):
    """Bytes that are no message of the protocol; the connection is closed. `reason` is a word or
    two, for a label."""

    def __init__(self, reason: str, what: str) -> None:
        self.reason = reason
        super().__init__(what)


class RequestRefused(InputError):
    """The node answered with an exception. `request` is the request's name."""

    def __init__(self, request: str, error: str) -> None:
        self.request = request
        self.error = error
        super().__init__(f"the node refused {request}: {error}")


class NodeUnreachable(MachineError):
    """No node answers at `address`, or it stopped in the middle. `what` says which."""

    def __init__(self, address: str, what: str) -> None:
        self.address = address
        self.what = what
        super().__init__(f"{address}: {what}; see whether the node runs, and try again")
