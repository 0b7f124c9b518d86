"""What a user named, found and read: files, programs, options."""
