"""The assistant's hands: one file a topic, thin; what they do is in the rooms of `savoir`."""
