"""A schedule that people can ask: the DAG with the names that transactions and accounts have."""
