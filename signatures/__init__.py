"""Signature schemes: keys, signing and verifying, one library to each rule."""
