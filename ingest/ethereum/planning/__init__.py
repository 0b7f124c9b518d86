"""A block of Ethereum in the terms of the scheduler: access lists, costs, names, labels."""
