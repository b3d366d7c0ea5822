"""Conversations: one log of messages each, exactly one owner, and the assistant's turns."""
