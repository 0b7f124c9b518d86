"""The rules of debt, rates, fees and auctions: arithmetic and transitions, without accounts."""
