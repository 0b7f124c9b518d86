"""Sealane: blocks of transactions in parallel, bit for bit as if one by one."""
