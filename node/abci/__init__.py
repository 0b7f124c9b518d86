"""The engine's way in: ABCI 2.0 as CometBFT v0.38 speaks it, over its socket protocol.

    bytes ── framing ──▶ messages ── codec ──▶ requests ── dispatch ──▶ Application
                                                                             │
    bytes ◀── framing ── messages ◀── codec ── responses ◀── dispatch ───────┘

Guarantees: the answers of a connection come in the order of its requests; the application sees one
request at a time; what comes over a socket is bounded in size, number and time. Does not:
authenticate anybody, since ABCI has no means for it; speak gRPC; keep snapshots.
"""
