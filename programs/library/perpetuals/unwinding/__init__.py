"""How positions end that are not closed by their owners: liquidation and all that comes after."""
