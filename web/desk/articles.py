"""The articles' pages: the list, and an editor with preview. Agents read; editors and administrators write."""

from __future__ import annotations

from typing import Any, Optional
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile

from savoir.core.audit import note_change
from savoir.core.errors import Problem, invalid, not_found
from savoir.handoff import accounts
from savoir.knowledge import pictures, revisions
from savoir.knowledge.keeping import LONGEST_BODY, Content, content_of
from web.help.copy import COPY
from web.help.markdown import render as render_article

from . import articles_view as view
from .language import LANGUAGES, N_
from .pages import frame
from .session import Asker, DeskRoute, check_origin, prove, signed_in
from .templates import render

router = APIRouter(route_class=DeskRoute)
MOST_BYTES = 4 * LONGEST_BODY
A_PAGE = 50
SAID = {"draft": "draft", "publish": "published", "withdraw": "withdrawn"}
"""What the page says once an action is done."""
SENTENCES = {
    "not-allowed": N_("Only editors and administrators can change articles."),
    "article-incomplete": N_("An article needs an address, a title and a text; one of them is empty."),
    "article-too-long": N_("This is too long: a title has 200 characters at most, a text 200,000, and there are 50 sample questions at most."),
    "article-exists": N_("There is an article with this address in this language already. Choose another one."),
    "bad-article-id": N_("The address has small letters, digits and hyphens only, such as nova-6-transfer."),
    "validity-contradicts": N_("The last day on which it is valid lies before the first."),
    "bad-day": N_("A date has the form 2026-05-03."),
    "article-changed": N_("Somebody else has saved this article meanwhile. Your text is still in the form; what differs stands below."),
    "body-too-large": N_("This text is too long: 200,000 characters at most."),
    "bad-picture": N_("This file is not a picture that can be shown: PNG, JPEG, GIF or WebP."),
    "picture-too-large": N_("This picture is too large: 5 megabytes at most."),
}
"""What editors read for a problem's code."""


@router.get("/desk/articles")
async def listing(request: Request, q: str = "", language: str = "", state: str = "", missing: str = "", page: int = 1) -> Response:
    """All articles, or those that fit: words, a language they are in, a state, a language they lack."""
    asker = await signed_in(request)
    wanted = view.Wanted(q.strip()[:200], language, state, missing)
    found = await asker.the.read(lambda s: view.read_entries(s, wanted, asker.the.today(), asker.words.language))
    pages = max(1, -(-len(found) // A_PAGE))
    page = min(max(1, page), pages)
    asked = urlencode({name: value for name, value in vars(wanted).items() if value})
    return render(
        "articles", asker.words, entries=found[(page - 1) * A_PAGE : page * A_PAGE], count=len(found), wanted=wanted, page=page, pages=pages,
        asked=asked, states=view.STATES, may_edit=_may_edit(asker), **frame(asker),
    )


@router.get("/desk/articles/new")
async def new(request: Request, language: str = "", id: str = "") -> Response:
    """An empty form; with `id`, for the translation of that article."""
    asker = await signed_in(request)
    _check_may_edit(asker)
    spoken = language if language in LANGUAGES else asker.words.language

    def work(session: Session) -> Content:
        original = revisions.article_row(session, id=id, language=view.other(spoken))
        said = revisions.newest(session, original) if original is not None else None
        return Content("", "", asker.the.today(), said.products if said else (), said.categories if said else ())

    return await _form(asker, view.Draft(id, spoken, await asker.the.read(work), None), is_new=True)


@router.post("/desk/articles/preview")
async def preview(request: Request) -> Response:
    """The text as the help centre will show it."""
    asker = await _changing(request)
    language = asker.field("language") if asker.field("language") in LANGUAGES else asker.words.language
    body = _html(asker.field("body")[:LONGEST_BODY], language)
    return render("article_preview", asker.words, title=asker.field("title"), body=body, spoken=language)


@router.post("/desk/articles/pictures")
async def add_picture(request: Request) -> Response:
    """Takes a picture in; its name, as texts show it."""
    check_origin(request)
    if int(request.headers.get("content-length") or pictures.LARGEST * 2) > pictures.LARGEST + 20_000:
        raise _said(await signed_in(request), invalid("picture-too-large", f"A picture has {pictures.LARGEST:,} bytes at most."))
    asker = await prove(request, await request.form(max_files=1, max_fields=5))
    _check_may_edit(asker)
    file, at = asker.form.get("picture"), asker.the.clock()
    if not isinstance(file, UploadFile):
        raise _said(asker, invalid("bad-picture", "There is no file in the form."))
    content = await file.read()
    try:
        picture = pictures.looked_at(f"pictures/{(file.filename or 'picture').replace('/', '-')}", content)
    except Problem as problem:
        raise _said(asker, problem) from None
    return JSONResponse({"name": await asker.the.write(lambda s: pictures.keep(s, picture, at))})


@router.post("/desk/articles")
async def create(request: Request) -> Response:
    """Keeps a new article, as a draft or published."""
    asker = await _changing(request)
    return await _save(asker, asker.field("id").strip().lower(), asker.field("language"), None)


@router.get("/desk/articles/{id}/{language}")
async def editor(id: str, language: str, request: Request, said: str = "") -> Response:
    """One article, to be read or changed, with its preview and its translation beside it."""
    asker = await signed_in(request)

    def work(session: Session) -> view.Draft:
        row = _row(session, id, language)
        return view.Draft(id, language, revisions.newest(session, row), int(row.revision))

    return await _form(asker, await asker.the.read(work), said=said)


@router.post("/desk/articles/{id}/{language}")
async def change(id: str, language: str, request: Request) -> Response:
    """Saves as a draft, publishes or withdraws, as `action` says; what was written before withdrawing is kept."""
    asker = await _changing(request)
    based_on = view.number(asker.field("based_on"))
    if based_on is None:
        raise not_found("revision", asker.field("based_on"))
    return await _save(asker, id, language, based_on)


@router.get("/desk/articles/{id}/{language}/history")
async def history(id: str, language: str, request: Request, old: str = "", new: str = "") -> Response:
    """Who changed what and when, and what differs between two revisions (the last two, unless they are named)."""
    asker = await signed_in(request)

    def work(session: Session) -> dict[str, Any]:
        row = _row(session, id, language)
        found = revisions.history(session, id=id, language=language)
        numbers = [int(one.number) for one in found]
        right = view.number(new) if view.number(new) in numbers else numbers[0]
        left = view.number(old) if view.number(old) in numbers else next((n for n in numbers if n < (right or 0)), right)
        by_number = {int(one.number): one for one in found}
        return {
            "article": row, "revisions": found, "old": by_number[left], "new": by_number[right],  # type: ignore[index]
            "differences": view.differences(content_of(by_number[left]), content_of(by_number[right])),  # type: ignore[index]
        }

    return render("article_history", asker.words, id=id, spoken=language, may_edit=_may_edit(asker), **await asker.the.read(work), **frame(asker))


@router.post("/desk/articles/{id}/{language}/restore")
async def restore(id: str, language: str, request: Request) -> Response:
    """Makes an earlier revision the newest draft."""
    asker = await _changing(request)
    number, at = view.number(asker.field("number")), asker.the.clock()
    if number is None:
        raise not_found("revision", asker.field("number"))

    def work(session: Session) -> None:
        row = revisions.restore(session, id=id, language=language, number=number, author=str(asker.agent.name), at=at)
        _note(session, asker, "restore", row)

    await asker.the.write(work)
    return RedirectResponse(f"/desk/articles/{id}/{language}?said=restored", 303)


async def _save(asker: Asker, id: str, language: str, based_on: Optional[int]) -> Response:
    at, author = asker.the.clock(), str(asker.agent.name)
    action = asker.field("action") if asker.field("action") in SAID else "draft"
    content, sentence = view.content_from(asker.form, asker.the.today())

    def work(session: Session) -> None:
        said = view.with_day(session, id, language, content, asker.the.today())
        keep = revisions.publish if action == "publish" else revisions.save_draft
        row = keep(session, id=id, language=language, content=said, author=author, at=at, based_on=based_on)
        if action == "withdraw":
            row = revisions.withdraw(session, id=id, language=language, author=author, at=at)
        _note(session, asker, action, row)

    try:
        if sentence:
            raise invalid(sentence, "A day of validity is no date.")
        await asker.the.write(work)
    except Problem as problem:
        if problem.code not in SENTENCES:
            raise
        draft = view.Draft(id, language if language in LANGUAGES else asker.words.language, content, based_on)
        return await _form(asker, draft, is_new=based_on is None, problem=problem)
    return RedirectResponse(f"/desk/articles/{id}/{language}?said={SAID[action]}", 303)


async def _form(asker: Asker, draft: view.Draft, *, is_new: bool = False, said: str = "", problem: Optional[Problem] = None) -> Response:
    sentence = asker.words.gettext(SENTENCES[problem.code]) if problem else ""
    values = await asker.the.read(lambda s: view.read_form(s, draft, asker.the.today(), has_conflict=bool(problem and problem.code == "article-changed")))
    return render(
        "article", asker.words, problem.status if problem else 200, draft=draft, is_new=is_new, said=said, sentence=sentence,
        may_edit=_may_edit(asker), categories=view.categories(asker.words.language), body=_html(draft.content.body, draft.language),
        translated=_html(values["translation"].body, view.other(draft.language)) if values["translation"] else "", **values, **frame(asker),
    )


def _html(body: str, language: str) -> str:
    """A text as the help centre shows it: HTML in it is shown, never obeyed."""
    return render_article(body, language=language, table_label=COPY[language]["table"]).html


async def _changing(request: Request) -> Asker:
    """An editor who changes something, with a form that may be as long as an article."""
    check_origin(request)
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > MOST_BYTES:
        raise _said(await signed_in(request), Problem("body-too-large", 413, f"The form is larger than {MOST_BYTES:,} bytes."))
    form: FormData = await request.form(max_files=0, max_fields=1000)
    asker = await prove(request, form)
    _check_may_edit(asker)
    return asker


def _row(session: Session, id: str, language: str) -> Any:
    row = revisions.article_row(session, id=id, language=language)
    if row is None:
        raise not_found("article", id)
    return row


def _may_edit(asker: Asker) -> bool:
    return accounts.may(asker.agent, "edit")


def _check_may_edit(asker: Asker) -> None:
    if not _may_edit(asker):
        raise _said(asker, Problem("not-allowed", 403, f"The role {asker.agent.role!r} does not change articles."))


def _said(asker: Asker, problem: Problem) -> Problem:
    """The problem with the sentence that editors read for it."""
    return Problem(problem.code, problem.status, problem.detail, sentence=asker.words.gettext(SENTENCES[problem.code]))


def _note(session: Session, asker: Asker, action: str, row: Any) -> None:
    note_change(
        session, actor=str(asker.agent.id), actor_name=str(asker.agent.name), action=action, kind="article", subject=f"{row.id}/{row.language}"[:60],
        at=asker.the.clock(), after={"revision": int(row.revision), "title": row.title},
    )


