"""Registers are signed, confirmed and corrected."""
