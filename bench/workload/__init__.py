"""Inputs of scenarios: access lists, blocks, programs, recorded blocks."""
