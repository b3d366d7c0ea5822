"""Guided diagnosis: question after question, step after step, to what helps."""
