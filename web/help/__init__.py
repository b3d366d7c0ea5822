"""The public help centre: articles, topics and search, in French and English, made on the server."""

from .pages import router

__all__ = ["router"]
