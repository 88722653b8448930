"""Sheets, cards and scans."""
