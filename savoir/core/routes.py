"""HTTP that every room shares: problem documents, bounded bodies, rate limits, and what an operator asks a process."""

from __future__ import annotations

import json
import math
import time
from typing import Any, Awaitable, Callable

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from .context import Context
from .errors import Problem, invalid
from .log import logger

log = logger(__name__)
PROBLEMS = Counter("savoir_problems_total", "Requests refused, by problem", ["code"])
Check = Callable[[], Awaitable[None]]
"""Returns when what it checks works, else raises."""


def context(connection: HTTPConnection) -> Context:
    """The process's context."""
    return connection.app.state.context  # type: ignore[no-any-return]


def problem_response(problem: Problem) -> JSONResponse:
    """A problem as its document (RFC 9457)."""
    PROBLEMS.labels(problem.code).inc()
    body = {"type": f"urn:savoir:problem:{problem.code}", "title": problem.title, "status": problem.status, "detail": problem.detail}
    headers = {"Retry-After": str(problem.extra["retry_after"])} if "retry_after" in problem.extra else {}
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse({**body, **problem.extra}, problem.status, headers, "application/problem+json")


def install_problems(app: FastAPI) -> None:
    """Makes every error of the application a problem document."""

    async def on_problem(_: Request, problem: Any) -> Response:
        return problem_response(problem)

    async def on_http(_: Request, error: Any) -> Response:
        code = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, f"http-{error.status_code}")
        return problem_response(Problem(code, error.status_code, str(error.detail)))

    async def on_validation(_: Request, error: Any) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return problem_response(invalid("bad-request", f"{where}: {first['msg']}."))

    async def on_fault(request: Request, error: Exception) -> Response:
        log.error("http.fault", path=request.url.path, error=repr(error), exc_info=error)
        return problem_response(Problem("fault", 500, "This went wrong on our side; nothing was lost. Try again in a moment."))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(Exception, on_fault)


async def json_body(request: Request, most_bytes: int = 65_536) -> dict[str, Any]:
    """The request's body, a JSON object of at most `most_bytes`."""
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > most_bytes:
            raise Problem("body-too-large", 413, f"The body is larger than the {most_bytes:,} bytes that are taken here.", limit=most_bytes)
    try:
        body = json.loads(content or b"{}")
    except ValueError:
        raise Problem("bad-json", 400, "The body is not JSON; expected an object such as {\"id\": \"…\", \"text\": \"…\"}.") from None
    if not isinstance(body, dict):
        raise Problem("bad-json", 400, "The body is JSON, but not an object.")
    return body


def text_of(body: dict[str, Any], name: str, default: str = "") -> str:
    """A text member of a body. Raises a problem when it is something else."""
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, str):
        raise invalid("bad-request", f"`{name}` is not a text.")
    return value


def client_address(connection: HTTPConnection) -> str:
    """The network address of the asker, behind the trusted proxies that the settings name."""
    proxies = context(connection).settings.trusted_proxies
    forwarded = [a.strip() for a in connection.headers.get("x-forwarded-for", "").split(",") if a.strip()]
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies]
    return connection.client.host if connection.client else "unknown"


class RateLimit:
    """So many requests a time, by key; a moving window in this process's memory."""

    def __init__(self, rate: str) -> None:
        self._rate: RateLimitItem = parse(rate)
        self._storage = MemoryStorage()  # the limiter itself holds it weakly
        self._limiter = MovingWindowRateLimiter(self._storage)

    def check(self, *key: str) -> None:
        """Raises a 429 problem with `retry_after` in seconds when the rate is used up."""
        if self._limiter.hit(self._rate, *key):
            return
        wait = max(1, math.ceil(self._limiter.get_window_stats(self._rate, *key)[0] - time.time()))
        raise Problem("too-many-requests", 429, f"That was quicker than {self._rate}; wait {wait} s and send it again.", retry_after=wait)


def operations(checks: dict[str, Check]) -> APIRouter:
    """`/health`, `/ready` and `/metrics`; `checks` names what the process needs."""
    router = APIRouter(tags=["operations"])

    @router.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/ready")
    async def ready() -> JSONResponse:
        found = {}
        for name, check in checks.items():
            try:
                await check()
                found[name] = "ok"
            except Exception as error:
                found[name] = f"{type(error).__name__}: {error}"[:200]
        is_ready = all(state == "ok" for state in found.values())
        return JSONResponse({"ready": is_ready, "needs": found}, 200 if is_ready else 503)

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
