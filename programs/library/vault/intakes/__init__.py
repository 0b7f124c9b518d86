"""Intakes: many deposits or redemptions, requested side by side and settled at one price."""
