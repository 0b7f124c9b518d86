"""A batch handler called once for a whole group, on columns."""
