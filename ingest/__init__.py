"""Files into blocks: fixtures, recorded blocks of several chains, generated workloads."""
