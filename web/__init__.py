"""The front door: the pages and the application that puts the rooms' routes together."""
