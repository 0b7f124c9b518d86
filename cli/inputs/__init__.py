"""Finding and reading what a command line names: files, programs, options."""
