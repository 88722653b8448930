"""Marks: noted, undone, and read back as a roll."""
