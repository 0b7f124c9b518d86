"""Workloads of library programs: accounts and transactions from a few parameters and a seed."""
