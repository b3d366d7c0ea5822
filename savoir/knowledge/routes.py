"""Search and articles over HTTP: public to read, at a bounded rate."""

from __future__ import annotations

from typing import Any, Optional

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from savoir.core.context import Context
from savoir.core.errors import invalid, not_found
from savoir.core.routes import RateLimit, client_address, context

from . import pictures, service
from .tables import LANGUAGES, Article

router = APIRouter(prefix="/api/v1/knowledge", tags=["knowledge"])
RATE = "120/minute"
MOST_RESULTS = 50
_limit = RateLimit(RATE)


def article_json(article: Article, with_body: bool = False) -> dict[str, Any]:
    """An article as programs get it; `body` is Markdown."""
    shown: dict[str, Any] = {name: getattr(article, name) for name in ("id", "language", "title", "products", "categories")}
    shown["updated"] = article.updated.isoformat()  # type: ignore[union-attr]
    shown |= {name: day.isoformat() if (day := getattr(article, name)) else None for name in ("valid_from", "valid_until")}
    if with_body:
        shown |= {"questions": article.questions, "body": article.body}
    return shown


@router.get("/search")
async def search(request: Request, q: str = "", language: Optional[str] = None, limit: int = 10) -> dict[str, Any]:
    """The articles that fit `q`, best first; `language` is the asker's, told from `q` when left out."""
    the = _admitted(request)
    if not q.strip():
        raise invalid("question-missing", "`q` is empty; expected a question.")
    _known(language)
    if not 1 <= limit <= MOST_RESULTS:
        raise invalid("bad-limit", f"`limit` is {limit}; expected 1 to {MOST_RESULTS}.", limit=MOST_RESULTS)

    result = await the.read(lambda s: service.search(s, question=q.strip(), language=language, limit=limit, on=the.today()))
    return {
        "answerable": result.is_answerable,
        "results": [
            {
                "article": hit.article, "title": hit.title, "language": hit.language, "score": hit.score, "confidence": hit.confidence,
                "passage": hit.passage, "page": hit.page, "url": the.settings.address + hit.path + hit.anchor,
            }
            for hit in result.hits
        ],
    }


@router.get("/articles")
async def articles(request: Request, language: Optional[str] = None, category: Optional[str] = None) -> dict[str, Any]:
    """The published articles by title, without their bodies; `category` is `usage.how_to` or only `usage`."""
    the = _admitted(request)
    _known(language)

    def work(session: Session) -> list[dict[str, Any]]:
        return [article_json(row) for row in service.articles(session, language=language, category=category, on=the.today())]

    return {"articles": await the.read(work)}


@router.get("/articles/{id}")
async def article(request: Request, id: str, language: Optional[str] = None) -> dict[str, Any]:
    """One article with its body, in `language` or else in any that it is published in; `languages` says which."""
    the = _admitted(request)
    _known(language)

    def work(session: Session) -> dict[str, Any]:
        published = service.languages_of(session, id, the.today())
        spoken = language or (published[0] if published else "")
        row = service.article(session, id=id, language=spoken, on=the.today())
        if row is None:
            raise not_found("article", id)
        return {**article_json(row, with_body=True), "languages": published}

    return await the.read(work)


@router.get("/pictures/{name:path}")
async def picture(request: Request, name: str) -> Response:
    """A picture of an article. It never changes under its name."""
    found = await context(request).read(lambda s: pictures.find(s, name))
    if found is None:
        raise not_found("picture", name)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Content-Security-Policy": "sandbox; default-src 'none'"}
    return Response(found.content, media_type=str(found.content_type), headers=headers)


def _admitted(request: Request) -> Context:
    _limit.check(client_address(request))
    return context(request)


def _known(language: Optional[str]) -> None:
    if language is not None and language not in LANGUAGES:
        raise invalid("unknown-language", f"`language` is {language[:20]!r}; expected fr or en.")
