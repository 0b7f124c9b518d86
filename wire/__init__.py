"""Transactions as bytes: Solana's wire format, and what is signed of them."""
