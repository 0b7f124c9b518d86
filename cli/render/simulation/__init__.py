"""`sealane simulate` for people: what each policy makes of a block on so many workers."""
