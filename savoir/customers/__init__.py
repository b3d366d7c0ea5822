"""Customers, the products they own, their orders, and how they show who they are."""
