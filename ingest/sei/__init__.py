"""Sei's access control: resources, dependency mappings, and blocks over them."""
