"""Load for a node: plays its ordering engine over ABCI, with generated, signed transactions.

    wallets ──▶ transfers ──▶ check ──▶ prepare ──▶ process ──▶ finalize ──▶ commit ──▶ report
                  signed       each      one node     all nodes, roots compared

Guarantees: bounded in time, rate and memory; the same seed gives the same wallets and the same
transfers, but for the blockhashes that they name. Does not: agree with other engines on an order.
"""
