"""The arithmetic of options: what a vault must hold, and what an option pays. No accounts here."""
