"""Rows of the help articles. Vectors lie beside the texts they were made from, so that only what changed is encoded again."""

from __future__ import annotations

import sqlalchemy as sa

from savoir.core.database import Base

LANGUAGES = ("fr", "en")
PASSAGE_KINDS = ("title", "question", "passage")


class Article(Base):
    """A help article in one language; the same id in the other language is its translation. `body` is Markdown.

    `version` is the value that KnowledgeVersion had when the article was last changed.
    """

    __tablename__ = "article"

    id = sa.Column(sa.String(80), primary_key=True)
    language = sa.Column(sa.String(2), primary_key=True)
    title = sa.Column(sa.String(200), nullable=False)
    body = sa.Column(sa.Text, nullable=False)
    products = sa.Column(sa.JSON, nullable=False)
    categories = sa.Column(sa.JSON, nullable=False)
    questions = sa.Column(sa.JSON, nullable=False)
    updated = sa.Column(sa.Date, nullable=False)
    published = sa.Column(sa.Boolean, nullable=False, default=True)
    version = sa.Column(sa.Integer, nullable=False)


class Passage(Base):
    """A piece of an article that a question is compared with: its title, a sample question, or some lines of its body."""

    __tablename__ = "article_passage"

    article = sa.Column(sa.String(80), primary_key=True)
    language = sa.Column(sa.String(2), primary_key=True)
    position = sa.Column(sa.Integer, primary_key=True)
    kind = sa.Column(sa.String(10), nullable=False)
    heading = sa.Column(sa.String(200), nullable=False, default="")
    text = sa.Column(sa.Text, nullable=False)
    digest = sa.Column(sa.String(32), nullable=False)
    encoder = sa.Column(sa.String(40))
    vector = sa.Column(sa.LargeBinary)

    __table_args__ = (
        sa.ForeignKeyConstraint(["article", "language"], ["article.id", "article.language"], ondelete="CASCADE"),
    )


class KnowledgeVersion(Base):
    """One row: a number that grows whenever an article changes. What a process holds in memory is refreshed when it differs."""

    __tablename__ = "knowledge_version"

    id = sa.Column(sa.Integer, primary_key=True)
    version = sa.Column(sa.Integer, nullable=False)
