"""A scalar handler called row after row, in a loop written for the form of its calls."""
