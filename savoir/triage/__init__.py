"""Triage: what a message tells beside its matter."""
