"""What scenarios work on: access lists, blocks, programs, recorded blocks."""
