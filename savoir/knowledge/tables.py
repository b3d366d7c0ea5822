"""Rows of the help articles. Vectors lie beside the texts they were made from, so that only what changed is encoded again."""

from __future__ import annotations

import sqlalchemy as sa

from savoir.core.database import Base, UtcDateTime

LANGUAGES = ("fr", "en")
PASSAGE_KINDS = ("title", "question", "passage")
REVISION_KINDS = ("draft", "published", "withdrawn", "restored", "imported")


class Article(Base):
    """A help article in one language; the same id in the other language is its translation. `body` is Markdown.

    What customers read is here once it is `published`, from `valid_from` to `valid_until` (both included; none: no bound). Before that it
    is the newest draft. `revision` numbers the newest of the article's revisions, `live_revision` the last that was published: a newer
    one is a draft that waits. `source` is the file that it was taken from. `version` is the value that KnowledgeVersion had when it last changed.
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
    valid_from = sa.Column(sa.Date)
    valid_until = sa.Column(sa.Date)
    revision = sa.Column(sa.Integer, nullable=False, default=0, server_default="0")
    live_revision = sa.Column(sa.Integer)
    source = sa.Column(sa.String(200), nullable=False, default="", server_default="")


class ArticleRevision(Base):
    """What an article was at one of its changes: who made it, when, and what it said. Kept when the article goes."""

    __tablename__ = "article_revision"

    id = sa.Column(sa.Integer, primary_key=True)
    article = sa.Column(sa.String(80), nullable=False)
    language = sa.Column(sa.String(2), nullable=False)
    number = sa.Column(sa.Integer, nullable=False)
    kind = sa.Column(sa.String(10), nullable=False)
    author = sa.Column(sa.String(80), nullable=False)
    at = sa.Column(UtcDateTime, nullable=False)
    restored_from = sa.Column(sa.Integer)
    title = sa.Column(sa.String(200), nullable=False)
    body = sa.Column(sa.Text, nullable=False)
    products = sa.Column(sa.JSON, nullable=False)
    categories = sa.Column(sa.JSON, nullable=False)
    questions = sa.Column(sa.JSON, nullable=False)
    updated = sa.Column(sa.Date, nullable=False)
    valid_from = sa.Column(sa.Date)
    valid_until = sa.Column(sa.Date)

    __table_args__ = (sa.UniqueConstraint("article", "language", "number"),)


class ArticlePicture(Base):
    """A picture that articles show as `picture:name`. It never changes: another one has another name, so that old revisions stay true."""

    __tablename__ = "article_picture"

    name = sa.Column(sa.String(200), primary_key=True)
    content_type = sa.Column(sa.String(20), nullable=False)
    width = sa.Column(sa.Integer, nullable=False)
    height = sa.Column(sa.Integer, nullable=False)
    digest = sa.Column(sa.String(64), nullable=False)
    content = sa.Column(sa.LargeBinary, nullable=False)
    at = sa.Column(UtcDateTime, nullable=False)


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
