"""The durable state of a runtime, in a folder of checksummed files."""

from .store import Store

__all__ = ["Store"]
