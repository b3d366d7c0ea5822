"""Learning: what designers check, ask and train."""
