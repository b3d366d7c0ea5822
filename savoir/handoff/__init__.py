"""The hand-over: agents, who has which conversation, and what they do with it."""
