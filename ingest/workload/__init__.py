"""Generated workloads: the same transactions for a seed, on every machine."""
