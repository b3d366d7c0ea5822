"""Who asks: the agent behind the cookie, proof that a change comes from our own page, and problems in the agent's language."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Callable, Mapping, Optional
from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.routing import APIRoute
from starlette.datastructures import FormData
from starlette.requests import HTTPConnection

from savoir.conversations.live import Live
from savoir.core.context import Context
from savoir.core.errors import Problem
from savoir.core.routes import context
from savoir.handoff import accounts
from savoir.handoff.tables import Agent

from .language import LANGUAGES, N_, Words, spoken, words
from .people_labels import PEOPLE_SENTENCES
from .templates import render

COOKIE = "savoir_session"
SIGN_IN = "/desk/sign-in"
MOST_BYTES = 65_536

SENTENCES = {
    "signed-out": N_("Your session has ended. Sign in again; your drafts are kept."),
    "sign-in-failed": N_("The e-mail address or the password is not right."),
    "too-many-requests": N_("That was too quick. Wait a moment, then try again."),
    "forged-request": N_("This page is out of date. Reload it, then try again."),
    "already-taken": N_("A colleague has taken this conversation before you."),
    "not-yours": N_("This conversation isn't yours (any more). Take it before you write."),
    "message-empty": N_("There is nothing to send: the text is empty."),
    "message-too-long": N_("This text is too long: 10,000 characters at most."),
    "not-found": N_("This doesn't exist here, or not any more."),
    "gap-left": N_("Fill in what stands in brackets first."),
    "photo-too-large": N_("This photo is too large."),
    "not-a-photo": N_("This file is not a photo that can be read; send a JPEG, PNG, WebP or GIF."),
    "photo-missing": N_("Choose a photo first."),
    "not-allowed": N_("Only supervisors and administrators can do this."),
    "bad-shortcut": N_("A shortcut has 1 to 40 letters, digits and hyphens, such as delivery-late."),
    "reply-incomplete": N_("A canned reply needs a title and a text in French and in English."),
    "reply-too-long": N_("This text is too long: 4,000 characters at most."),
    "shortcut-taken": N_("There is a canned reply with this shortcut already."),
    "unknown-variable": N_("%(variable)s isn't a variable. The ones there are stand below."),
    "correction-empty": N_("Write what would have been right."),
    "unknown-value": N_("Choose one of the values of the list."),
    "bad-address": N_("This is not an e-mail address that can be written to."),
    "body-too-large": N_("This text is too long: 10,000 characters at most."),
}
"""What agents read for a problem's code."""
SENTENCES |= PEOPLE_SENTENCES


@dataclass(frozen=True)
class Asker:
    """A signed-in agent's request: the agent, the proof that their changes must bring, and what the process holds."""

    agent: Agent
    csrf: str
    the: Context
    live: Live
    words: Words
    form: Mapping[str, Any]

    def field(self, name: str) -> str:
        """A field of the form, `""` where it is missing or no text."""
        value = self.form.get(name)
        return value if isinstance(value, str) else ""


async def signed_in(connection: HTTPConnection) -> Asker:
    """Who asks. Raises a 401 problem when nobody is signed in (any more)."""
    return await _asker(connection, {})


async def changing(request: Request) -> Asker:
    """Who asks for a change, once it is shown that our own page does. Raises problems: signed out, forged, too large."""
    check_origin(request)
    return await prove(request, await bounded_form(request))


async def prove(request: Request, form: Mapping[str, Any]) -> Asker:
    """Who sent a form, once it is shown that our own page did. Raises problems: signed out, forged."""
    asker = await _asker(request, form)
    proof = request.headers.get("x-csrf-token") or asker.field("csrf")
    if not secrets.compare_digest(proof.encode(), asker.csrf.encode()):
        raise Problem("forged-request", 403, "The request lacks the session's csrf token.")
    return asker


async def bounded_form(request: Request) -> FormData:
    """The form of a request, of at most 64 KiB. Raises a 413 problem."""
    try:
        length = int(request.headers.get("content-length", "0"))
    except ValueError:
        length = MOST_BYTES + 1
    if length > MOST_BYTES or "chunked" in request.headers.get("transfer-encoding", "").lower():
        raise Problem("body-too-large", 413, f"The form is larger than the {MOST_BYTES:,} bytes that are taken here.", limit=MOST_BYTES)
    return await request.form(max_files=0, max_fields=30)


def check_origin(connection: HTTPConnection, is_required: bool = False) -> None:
    """Raises a 403 problem when the browser says that another site's page asks (or, where required, says nothing)."""
    site = connection.headers.get("sec-fetch-site", "same-origin")
    origin = connection.headers.get("origin")
    ours = {connection.headers.get("host", ""), urlsplit(context(connection).settings.address).netloc}
    if site not in ("same-origin", "none") or (origin is None and is_required) or (origin is not None and urlsplit(origin).netloc not in ours):
        raise Problem("forged-request", 403, "The request comes from another site's page.")


def page_language(request: HTTPConnection) -> str:
    """The language of a page before anybody has signed in: asked for, else the browser's, else the firm's."""
    asked = request.query_params.get("language", "")
    if asked in LANGUAGES:
        return asked
    return spoken(request.headers.get("accept-language", ""), context(request).settings.default_language)


def local_path(path: str) -> str:
    """Where to go after signing in: the path if it is one of the desk's own, else the desk."""
    is_ours = path == "/desk" or path.startswith(("/desk/", "/desk?"))
    return path if is_ours and path.isprintable() and "\\" not in path and not path.startswith(SIGN_IN) else "/desk"


def is_fragment(request: HTTPConnection) -> bool:
    """Whether a script of the page asks, not the browser for a whole page."""
    return request.headers.get("hx-request") == "true"


class DeskRoute(APIRoute):
    """Answers problems as agents can read them: a page to a browser, a document in their language to our scripts."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        """FastAPI's handler, with problems turned into answers."""
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await handle(request)  # type: ignore[no-any-return]
            except Problem as problem:
                return problem_answer(request, problem)

        return handler


def problem_answer(request: Request, problem: Problem) -> Response:
    """The answer to a request that met a problem."""
    asker: Optional[Asker] = getattr(request.state, "asker", None)
    speech = asker.words if asker else words(page_language(request))
    sentence = problem.extra.get("sentence") or speech.gettext(SENTENCES.get(problem.code, problem.detail))
    if is_fragment(request):
        body = {"type": f"urn:savoir:problem:{problem.code}", "code": problem.code, "status": problem.status, "detail": sentence}
        return JSONResponse(body, problem.status, media_type="application/problem+json")
    if problem.code == "signed-out":
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        back = local_path(path) if request.method == "GET" else "/desk"
        return RedirectResponse(SIGN_IN if back == "/desk" else f"{SIGN_IN}?next={quote(back, safe='')}", 303)
    return render("problem", speech, problem.status, sentence=sentence, firm=context(request).settings.firm)


async def _asker(connection: HTTPConnection, form: Mapping[str, Any]) -> Asker:
    the = context(connection)
    token = connection.cookies.get(COOKIE, "")
    at = the.clock()
    found = await the.read(lambda s: accounts.signed_in(s, token, at)) if token else None
    if found is None:
        raise Problem("signed-out", 401, "Nobody is signed in (any more); sign in at /desk/sign-in.")
    language = str(found.agent.language)
    asker = Asker(
        agent=found.agent, csrf=found.csrf, the=the, live=connection.app.state.live,
        words=words(language if language in LANGUAGES else the.settings.default_language), form=form,
    )
    connection.state.asker = asker
    return asker
