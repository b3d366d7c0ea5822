"""Everything that speaks somebody else's protocol."""
