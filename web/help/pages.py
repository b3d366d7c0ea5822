"""The pages of the help centre."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Optional
from urllib.parse import quote

from babel.dates import format_date
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from sqlalchemy.orm import Session

from savoir.core.context import Context
from savoir.core.errors import Problem
from savoir.core.routes import RateLimit, client_address, context
from savoir.customers import service as customers
from savoir.knowledge import service as knowledge
from web.assets import asset

from .copy import COPY, other
from .hours import spoken_hours
from .markdown import Rendered, render
from .topics import TOPICS, popular, topic_by_id, topics_of
from .typography import typeset

router = APIRouter(include_in_schema=False)
TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
LONGEST_QUESTION = 300
RESULTS = 8
NEAR = 0.5
"""The part of the best article's score from which another is worth showing beside it."""
_searches = RateLimit("60/minute")


@router.get("/")
async def front(request: Request) -> Response:
    """Sends a visitor to the help centre in their language."""
    return _to(f"/help/{preferred_language(request)}")


@router.get("/help")
async def help_without_language(request: Request) -> Response:
    """The same for an address without a language."""
    return _to(f"/help/{preferred_language(request)}")


@router.get("/help/{language}")
async def home(request: Request, language: str) -> Response:
    """Search box, what is often asked, topics, and how to reach us."""
    if language not in COPY:
        return await _missing(request, preferred_language(request), language)
    the = context(request)
    day = the.today()

    def work(session: Session) -> dict[str, Any]:
        rows, types = knowledge.articles(session, on=day, language=language), _types(session)
        counted = [(topic, sum(topic in topics_of(row, types) for row in rows)) for topic in TOPICS]
        shown = [(topic, count) for topic, count in counted if count]
        groups = [("products", [t for t in shown if t[0].types]), ("services", [t for t in shown if not t[0].types])]
        translated = {row.id for row in knowledge.articles(session, on=day, language=other(language))}
        return {"popular": popular(rows, translated), "groups": [group for group in groups if group[1]]}

    return _page(request, "home", language, switch=f"/help/{other(language)}", **await the.read(work))


@router.get("/help/{language}/search")
async def search(request: Request, language: str, q: str = "") -> Response:
    """What the articles say to a question."""
    if language not in COPY:
        return await _missing(request, preferred_language(request), language)
    the, question = context(request), re.sub(r"\s+", " ", q).strip()[:LONGEST_QUESTION]
    day = the.today()
    switch = f"/help/{other(language)}/search" + (f"?q={quote(question)}" if question else "")
    if not question:
        return _page(request, "search", language, switch=switch, question="", answer=None, hits=[], is_answerable=True)
    try:
        _searches.check(client_address(request))
    except Problem as problem:
        page = _page(request, "busy", language, status=429, switch=switch, question=question)
        page.headers["Retry-After"] = str(problem.extra["retry_after"])
        return page

    def work(session: Session) -> dict[str, Any]:
        result = knowledge.search(session, on=day, question=question, language=language, limit=RESULTS)
        answer = knowledge.answer_question(session, on=day, question=question, language=language)
        direct = answer.article if answer.kind == "direct" else None
        hits = [hit for hit in result.hits if direct is None or hit.article != direct.article]
        near = [hit for hit in hits if hit.score >= NEAR * result.hits[0].score] if result.is_answerable else hits[:3]
        return {"answer": direct, "hits": near, "is_answerable": result.is_answerable}

    return _page(request, "search", language, switch=switch, question=question, **await the.read(work))


@router.get("/help/{language}/topics/{topic_id}")
async def topic(request: Request, language: str, topic_id: str) -> Response:
    """The articles of a topic."""
    wanted = topic_by_id(topic_id)
    if language not in COPY or wanted is None:
        return await _missing(request, language if language in COPY else preferred_language(request), topic_id)
    the = context(request)
    day = the.today()

    def work(session: Session) -> list[Any]:
        types = _types(session)
        return [row for row in knowledge.articles(session, on=day, language=language) if wanted in topics_of(row, types)]

    rows = await the.read(work)
    return _page(request, "topic", language, switch=f"/help/{other(language)}/topics/{topic_id}", topic=wanted, articles=rows)


@router.get("/help/{language}/{article_id}")
async def article(request: Request, language: str, article_id: str) -> Response:
    """An article; in the other language, and said so, when it exists only there."""
    if language not in COPY:
        return await _missing(request, preferred_language(request), article_id)
    the = context(request)
    day = the.today()

    def work(session: Session) -> Optional[dict[str, Any]]:
        row = knowledge.article(session, on=day, id=article_id, language=language)
        if row is None:
            return None
        types, names = _types(session), {product.id: product.name for product in customers.catalogue(session)}
        topics = topics_of(row, types)
        near = knowledge.search(session, on=day, question=row.title, language=language, limit=6).hits
        return {
            "article": row, "topic": topics[0] if topics else None, "languages": knowledge.languages_of(session, article_id, on=day),
            "products": [names[p] for p in row.products if p in names],
            "related": [hit for hit in near if hit.article != article_id and hit.language == language][:4],
        }

    found = await the.read(work)
    if found is None:
        if await the.read(lambda s: knowledge.article(s, on=day, id=article_id, language=other(language))):
            return RedirectResponse(f"/help/{other(language)}/{quote(article_id)}?from={language}", 302)
        return await _missing(request, language, article_id)
    row = found["article"]
    asked_in = other(language) if request.query_params.get("from") == other(language) and len(found["languages"]) == 1 else None
    switch = f"/help/{other(language)}/{article_id}" if other(language) in found["languages"] else f"/help/{other(language)}"
    return _page(
        request, "article", language, switch=switch, body=rendered(row.body, language), has_translation=len(found["languages"]) > 1,
        asked_in=asked_in, note=COPY[asked_in]["only_other_note"] if asked_in else "", **found,
    )


def preferred_language(request: Request) -> str:
    """fr or en, whichever the browser asks for first (Accept-Language); else the firm's default."""
    wanted = []
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, weight = part.strip().lower().partition(";q=")
        try:
            wanted.append((float(weight or 1), tag[:2]))
        except ValueError:
            continue
    spoken = [language for weight, language in sorted(wanted, key=lambda w: -w[0]) if weight > 0 and language in COPY]
    return spoken[0] if spoken else context(request).settings.default_language


@lru_cache(maxsize=512)
def rendered(body: str, language: str) -> Rendered:
    """An article's HTML."""
    return render(body, language=language, table_label=COPY[language]["table"])


@lru_cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.globals |= {"asset": asset}
    made.filters |= {
        "set": typeset,
        "day": lambda day, language: format_date(day, "d MMMM y", locale="fr" if language == "fr" else "en_GB"),
        "passage": lambda text, language: Markup(rendered(text, language).html),  # noqa: S704 - Markdown without HTML
        "telephone": lambda number: "tel:" + re.sub(r"[^\d+]", "", re.sub(r"^0", "+33", number.strip())),
    }
    return made


def _page(request: Request, template: str, language: str, *, status: int = 200, switch: str, **values: Any) -> HTMLResponse:
    the: Context = context(request)
    text = _environment().get_template(f"help/{template}.html").render(
        language=language, other_language=other(language), copy=COPY[language], firm=the.settings.firm, phone=the.settings.support_phone,
        hours=spoken_hours(the.hours, language), is_open=the.hours.is_open(the.clock()), switch=switch, address=the.settings.address, path=request.url.path, **values,
    )
    return HTMLResponse(text, status, {"Content-Language": language, "Cache-Control": "no-cache"})


async def _missing(request: Request, language: str, asked: str) -> Response:
    question = re.sub(r"[^\w]+", " ", asked)[:80].strip()
    day = context(request).today()

    def work(session: Session) -> list[Any]:
        return knowledge.search(session, on=day, question=question or "?", language=language, limit=4).hits

    hits = await context(request).read(work)
    return _page(request, "missing", language, status=404, switch=f"/help/{other(language)}", hits=hits)


def _types(session: Session) -> dict[str, str]:
    return {product.id: product.type for product in customers.catalogue(session)}


def _to(path: str) -> Response:
    return RedirectResponse(path, 302, {"Vary": "Accept-Language", "Cache-Control": "no-cache"})
