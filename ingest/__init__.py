"""Files into blocks: fixtures, recorded Solana blocks, generated workloads."""
