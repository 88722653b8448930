"""A session that was missed is discharged in another class."""
