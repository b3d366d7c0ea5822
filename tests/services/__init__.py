"""Other people's systems, started for the tests that need them."""
