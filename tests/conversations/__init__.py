"""Whole conversations, written by designers as files and played by a running house."""
