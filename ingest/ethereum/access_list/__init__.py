"""Block access lists (EIP-7928): read in every spelling, checked, and made a block."""
