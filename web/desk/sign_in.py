"""Signing in and out."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from savoir.conversations.live import DESK
from savoir.core.errors import Problem
from savoir.core.routes import RateLimit, client_address, context
from savoir.handoff import accounts

from .language import LANGUAGES, words
from .session import (
    COOKIE,
    SENTENCES,
    SIGN_IN,
    DeskRoute,
    bounded_form,
    changing,
    check_origin,
    local_path,
    page_language,
    signed_in,
)
from .templates import render

router = APIRouter(route_class=DeskRoute)


class SignInLimits:
    """How often one may try: from one network address, and for one account."""

    def __init__(self) -> None:
        self.addresses = RateLimit("30/5 minutes")
        self.accounts = RateLimit("10/5 minutes")


@router.get("/desk/sign-in")
async def form(request: Request, next: str = "/desk") -> Response:
    """The form; who is signed in goes on."""
    try:
        await signed_in(request)
    except Problem:
        return _page(request, page_language(request), back=local_path(next))
    return RedirectResponse(local_path(next), 303)


@router.post("/desk/sign-in")
async def sign_in(request: Request) -> Response:
    """Begins a session: a cookie, and on to `next`. The same answer whatever was wrong."""
    check_origin(request)
    the = context(request)
    fields = {name: value for name, value in (await bounded_form(request)).items() if isinstance(value, str)}
    email, password, back = fields.get("email", "").strip()[:200], fields.get("password", "")[:1000], local_path(fields.get("next", ""))
    language = fields.get("language", "") if fields.get("language") in LANGUAGES else page_language(request)
    limits = _limits(request)
    try:
        limits.addresses.check(client_address(request))
        limits.accounts.check(email.lower())
        at = the.clock()
        agent = await the.read(lambda s: accounts.check_password(s, email=email, password=password))
        token = await the.write(lambda s: accounts.begin_session(s, agent, at))
    except Problem as problem:
        answer = _page(request, language, back=back, email=email, problem=problem)
        if "retry_after" in problem.extra:
            answer.headers["Retry-After"] = str(problem.extra["retry_after"])
        return answer
    response = RedirectResponse(back, 303)
    response.set_cookie(
        COOKIE, token, max_age=accounts.SESSION_HOURS * 3600, httponly=True, samesite="lax", secure=_is_secure(request), path="/"
    )
    return response


@router.post("/desk/sign-out")
async def sign_out(request: Request) -> Response:
    """Ends the session."""
    response = RedirectResponse(SIGN_IN, 303)
    try:
        asker = await changing(request)
    except Problem as problem:
        if problem.code != "signed-out":
            raise
        return response
    token, at = request.cookies.get(COOKIE, ""), asker.the.clock()

    def work(session: Session) -> None:
        accounts.sign_out(session, token, at)

    await asker.the.write(work)
    asker.live.publish(f"agent:{asker.agent.id}", "signed_out")
    asker.live.publish(DESK, "changed", conversation="")
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=_is_secure(request))
    return response


def _page(request: Request, language: str, *, back: str, email: str = "", problem: Problem | None = None) -> Response:
    speech = words(language)
    sentence = speech.gettext(SENTENCES.get(problem.code, problem.detail)) if problem else ""
    return render(
        "sign_in", speech, problem.status if problem else 200, back=back, email=email, sentence=sentence, languages=LANGUAGES,
        firm=context(request).settings.firm,
    )


def _limits(request: Request) -> SignInLimits:
    state = request.app.state
    if not hasattr(state, "sign_in_limits"):
        state.sign_in_limits = SignInLimits()
    return state.sign_in_limits  # type: ignore[no-any-return]


def _is_secure(request: Request) -> bool:
    """Whether the browser came by https: to us, to the proxy that we trust, or to the address in the settings."""
    settings = context(request).settings
    forwarded = request.headers.get("x-forwarded-proto", "") if settings.trusted_proxies else ""
    return "https" in (request.url.scheme, forwarded) or settings.address.startswith("https://")
