"""What every room stands on: settings, database, clock, text, security. Imports nothing else of ours."""
