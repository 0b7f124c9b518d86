"""Questions about loaded blocks whose answers need more than the scheduler: files, many of them."""
