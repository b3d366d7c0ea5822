"""What the knowledge lacks: questions without an answer, articles that ail, cases worth an article; each with what mends it in one click."""

from __future__ import annotations

from typing import Any, Optional
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from savoir.core.audit import note_change
from savoir.core.errors import Problem, invalid, not_found
from savoir.handoff import accounts
from savoir.knowledge import drafts, gaps, gaps_of_articles, revisions
from savoir.knowledge import service as knowledge

from .drafting import draft_of
from .language import N_
from .pages import frame
from .session import Asker, DeskRoute, changing, signed_in
from .solved_cases import solved_cases
from .templates import render
from .thread import today

router = APIRouter(route_class=DeskRoute)
SHOWS = {
    "gaps": N_("Without an answer"), "candidates": N_("To add"), "unhelpful": N_("Not helpful"), "unfound": N_("Never found"),
    "duplicates": N_("Near-duplicates"), "outdated": N_("Out of date"), "untranslated": N_("Missing in a language"), "tickets": N_("From tickets"),
    "drafts": N_("Drafts"),
}
NOT_ALLOWED = N_("Only editors and administrators can change articles.")
MOST_CASES = 20
MOST_UNDONE = 200
"""Questions whose dismissal can be taken back at once: more would not fit into an address."""
MOST_NAMED = 2000
"""Articles whose titles the page proposes while one types."""


@router.get("/desk/knowledge")
async def page(request: Request, show: str = "gaps", said: str = "", undo: str = "", article: str = "", language: str = "") -> Response:
    """One of the lists; `said` is what was just done, `undo` the questions that were dismissed."""
    asker = await signed_in(request)
    chosen = show if show in SHOWS else "gaps"

    def work(session: Session) -> dict[str, Any]:
        row = revisions.article_row(session, id=article, language=language) if article and language else None
        return {
            "found": _found(session, chosen, asker), "counts": gaps.counts(session), "named": _named(session), "changed": row,
            "asked": gaps_of_articles.questions_since(session, asker.the.clock() - gaps_of_articles.PERIOD),
        }

    values = await asker.the.read(work)
    shows = {name: asker.words.gettext(title) for name, title in SHOWS.items()}
    undone = ",".join(map(str, _ids(undo)))
    return render("knowledge", asker.words, show=chosen, shows=shows, said=said, undo=undone, editor=editor_path, may_edit=accounts.may(asker.agent, "edit"), **values, **frame(asker))


@router.post("/desk/knowledge/questions")
async def on_questions(request: Request) -> Response:
    """`act` on `questions` (ids): add them to `article`, dismiss them, take that back, or begin a draft."""
    asker = await _editing(request)
    ids, act, at, name = _ids(asker.field("questions")), asker.field("act"), asker.the.clock(), str(asker.agent.name)
    if not ids:
        raise not_found("question", asker.field("questions"))

    def work(session: Session) -> tuple[str, Optional[Any]]:
        if act == "add":
            return "added", gaps.add_to_article(session, questions=ids, article=_article_named(session, asker.field("article")), agent=name, at=at)
        if act == "dismiss":
            gaps.dismiss(session, questions=ids, agent=name, at=at)
            return "dismissed", None
        if act == "reopen":
            gaps.reopen(session, questions=ids)
            return "reopened", None
        if act == "draft":
            rows = gaps.open_rows(session, ids)
            by_id = {int(row.id): row for row in rows}
            first = by_id.get(ids[0], rows[0])
            texts = [str(first.question), *(str(row.question) for row in rows if row is not first)]
            content = drafts.draft_of_questions(texts, str(first.language), at, str(first.product) if first.product else None)
            made = drafts.begin(session, content=content, language=str(first.language), author=name, at=at)
            gaps.drafted(session, questions=ids, article=str(made.id), agent=name, at=at)
            return "drafted", made
        raise invalid("bad-act", f"`act` is {act[:20]!r}; expected add, dismiss, reopen or draft.")

    said, changed = await asker.the.write(lambda s: _noted(s, asker, work(s)))
    return await _done(asker, said, changed, undo=",".join(map(str, ids)) if said == "dismissed" and len(ids) <= MOST_UNDONE else "")


@router.post("/desk/knowledge/articles")
async def on_article(request: Request) -> Response:
    """`act` on a finding about `article` in `language`: it is still right, translate it, or dismiss the finding `subject` of a `kind`."""
    asker = await _editing(request)
    article, language, act, at = asker.field("article"), asker.field("language"), asker.field("act"), asker.the.clock()
    kind, subject, name = asker.field("kind"), asker.field("subject"), str(asker.agent.name)

    def work(session: Session) -> tuple[str, Optional[Any]]:
        if act == "still-right":
            on = today(at, asker.the.hours.zone)
            gaps_of_articles.still_right(session, article=article, language=language, agent=name, at=at, on=on)
            return "right", revisions.article_row(session, id=article, language=language)
        if act == "translate":
            content = drafts.draft_of_translation(session, article=article, language=language, on=at)
            if content is None:
                raise not_found("article", article)
            return "drafted", drafts.begin(session, content=content, language=language, author=name, at=at, id=article)
        if act == "dismiss" and kind in gaps_of_articles.KINDS and subject:
            gaps_of_articles.decide(session, kind=kind, subject=subject, decision="dismissed", agent=name, at=at)
            return "dismissed", None
        raise invalid("bad-act", f"`act` is {act[:20]!r}; expected still-right, translate or dismiss.")

    said, changed = await asker.the.write(lambda s: _noted(s, asker, work(s)))
    return await _done(asker, said, changed)


@router.post("/desk/knowledge/tickets/{number}")
async def on_ticket(number: str, request: Request) -> Response:
    """Begins a draft of what a solved ticket tells."""
    asker = await _editing(request)
    at, name = asker.the.clock(), str(asker.agent.name)

    case, content = await draft_of(asker.the, number, at)

    def work(session: Session) -> tuple[str, Optional[Any]]:
        made = drafts.begin(session, content=content, language=case.language, author=name, at=at)
        gaps_of_articles.decide(
            session, kind="ticket", subject=case.number, decision="drafted", agent=name, at=at, article=str(made.id), language=str(made.language)
        )
        return "drafted", made

    said, changed = await asker.the.write(lambda s: _noted(s, asker, work(s)))
    return await _done(asker, said, changed)


def _noted(session: Session, asker: Asker, done: tuple[str, Optional[Any]]) -> tuple[str, Optional[Any]]:
    said, row = done
    if row is not None:
        _note(session, asker, {"added": "add sample", "drafted": "draft", "right": "confirm"}[said], row)
    return done


def editor_path(article: Any) -> str:
    """Where an article is edited."""
    return f"/desk/articles/{article.id}/{article.language}"


def _found(session: Session, show: str, asker: Asker) -> Any:
    at = asker.the.clock()
    if show == "candidates":
        return gaps.candidates(session)
    if show == "unhelpful":
        return gaps_of_articles.not_helpful(session, at=at)
    if show == "unfound":
        return gaps_of_articles.never_found(session, at=at)
    if show == "duplicates":
        return gaps_of_articles.near_duplicates(session)
    if show == "outdated":
        return gaps_of_articles.out_of_date(session, at=at, on=today(at, asker.the.hours.zone))
    if show == "untranslated":
        return gaps_of_articles.untranslated(session, at=at)
    if show == "tickets":
        return solved_cases(session, limit=MOST_CASES)
    if show == "drafts":
        return [row for row in revisions.every_article(session) if revisions.state_of(row) in ("draft", "changed")]
    return gaps.gaps(session)


def _named(session: Session) -> list[tuple[str, str]]:
    """Id and title of the published articles, each once, French titles first."""
    titles: dict[str, str] = {}
    for row in sorted(knowledge.articles(session), key=lambda row: row.language != "fr"):
        titles.setdefault(str(row.id), str(row.title))
    return list(titles.items())[:MOST_NAMED]


def _article_named(session: Session, name: str) -> str:
    """The id of the article that was typed or pressed: its id or its title."""
    name = name.strip()
    return next((id for id, title in _named(session) if name in (id, title)), name)


async def _editing(request: Request) -> Asker:
    """An editor who changes something."""
    asker = await changing(request)
    if not accounts.may(asker.agent, "edit"):
        sentence = asker.words.gettext(NOT_ALLOWED)
        raise Problem("not-allowed", 403, f"The role {asker.agent.role!r} does not change articles.", sentence=sentence)
    return asker


def _note(session: Session, asker: Asker, action: str, row: Any) -> None:
    """Writes a changed article into the audit log."""
    note_change(
        session, actor=str(asker.agent.id), actor_name=str(asker.agent.name), action=action, kind="article", subject=f"{row.id}/{row.language}"[:60],
        at=asker.the.clock(), after={"revision": int(row.revision), "title": row.title},
    )


async def _done(asker: Asker, said: str, changed: Optional[Any], undo: str = "") -> Response:
    """Back to the list, with a word on what was done; the vectors of a new sample are kept for all processes."""
    if said == "added":
        await asker.the.read(lambda _: knowledge.encode_missing(asker.the.database))
    if said == "drafted" and changed is not None:
        return RedirectResponse(f"{editor_path(changed)}?said=draft", 303)
    show = asker.field("show")
    values = {"show": show if show in SHOWS else "gaps", "said": said, "undo": undo}
    if changed is not None:
        values |= {"article": str(changed.id), "language": str(changed.language)}
    return RedirectResponse(f"/desk/knowledge?{urlencode({name: value for name, value in values.items() if value})}", 303)


def _ids(text: str) -> list[int]:
    """The ids of questions that a form sends: digits with commas between."""
    return [int(part) for part in text.split(",")[: gaps.MOST_QUESTIONS] if part.isascii() and part.isdigit() and len(part) <= 9]
