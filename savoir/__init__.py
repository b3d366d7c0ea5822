"""Savoir: an after-sales assistant that a firm runs on its own machines. One folder per after-sales noun."""

__version__ = "0.1.0"
