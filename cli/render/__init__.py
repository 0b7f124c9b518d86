"""Views for people in a terminal. Only this package and the progress bar import Rich."""
