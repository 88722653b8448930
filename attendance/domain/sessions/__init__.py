"""When a class meets, and what changes about it."""
