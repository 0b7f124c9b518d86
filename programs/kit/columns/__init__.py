"""One value for each transaction of a group, computed on all at once."""
