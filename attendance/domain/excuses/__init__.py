"""Requests to be excused, and the decisions on them."""
