"""Views of `sealane graph`: a picture of a block, or of a part of it, to a file."""
