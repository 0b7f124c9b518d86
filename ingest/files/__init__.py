"""Reading files strictly: bounded, with the place of every value for errors."""
