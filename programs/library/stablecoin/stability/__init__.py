"""Stability pools: coins that stand ready to pay what unsafe positions owe."""
