"""People who come and are not on the roll."""
