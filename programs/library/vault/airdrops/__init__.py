"""Airdrops: rewards for those who have locked shares of a vault, by amount and by time."""
