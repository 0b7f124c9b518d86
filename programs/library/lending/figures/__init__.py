"""The arithmetic of lending, apart from accounts: rates, indices, fees, seizures."""
