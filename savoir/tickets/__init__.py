"""Tickets: opened with all that was said, followed by their number."""
