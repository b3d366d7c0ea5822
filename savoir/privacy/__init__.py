"""People's rights to their data: a copy of it, its erasure, and who did what about it."""
