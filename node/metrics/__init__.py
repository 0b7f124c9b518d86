"""What operators watch: figures for Prometheus, health, and a reader of both.

    Application ── Observer ──▶ NodeMetrics ──▶ /metrics ──▶ Prometheus, Grafana, `sealane top`
                           └──▶ Health ───────▶ /healthz ──▶ load balancers, supervisors

Guarantees: no label names an account or a transaction, and every label has few values, so that a
node has a bounded number of series. Does not: change what the node answers.
"""
