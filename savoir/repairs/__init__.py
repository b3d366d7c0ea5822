"""Repairs: what the workshop has of a customer's, and where it is."""
