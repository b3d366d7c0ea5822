"""Understanding: the Rasa components that turn a customer's message into intent, doubt, entities and language."""
