"""Any endpoint that speaks OpenAI's chat protocol: Ollama, vLLM, llama.cpp's server, or a hosted one. Off unless SAVOIR_LLM_URL is set.

Nothing personal leaves: texts are masked here, whoever calls. Nothing is logged but how it went and how long it took.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
import re
import time
from typing import Any, Optional, Sequence
from urllib.parse import urlsplit

import httpx
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState

from connectors.masking import Mask
from savoir.core.log import logger
from savoir.core.settings import Settings
from savoir.knowledge.rewriting import NotWritten, Writer

log = logger(__name__)
LARGEST = 256 * 1024
"""Bytes of an answer that are read."""
FAILURES = 3
"""After so many failures in a row it is left alone."""
REST_SECONDS = 30.0
"""For so long; then one call tries it again."""
LONGEST_REST = 300.0
"""The longest `Retry-After` that is kept to."""
_THOUGHTS = re.compile(r"^\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_OTHER_NAMES = {"max_tokens": "max_completion_tokens", "temperature": None}
"""What newer models of OpenAI refuse, and what they take instead."""


class LanguageModel:
    """One endpoint, with one model, for one process. Implements `savoir.knowledge.rewriting.Writer`."""

    def __init__(self, settings: Settings, *, timeout: Optional[float] = None, logs: bool = True) -> None:
        self.url, self.model = chat_address(settings.llm_url or ""), settings.llm_model or ""
        self.timeout, self.tokens = timeout or settings.llm_timeout, settings.llm_tokens
        self._key, self._logs = settings.llm_key or "", logs
        self._rate = parse(f"{settings.llm_calls_per_minute}/minute")
        self._storage = MemoryStorage()  # the limiter itself holds it weakly
        self._limiter = MovingWindowRateLimiter(self._storage)
        self._breakers = AsyncCircuitBreakerFactory(default_threshold=FAILURES, default_ttl=REST_SECONDS)
        self._rests_until = 0.0
        self._renamed: dict[str, Optional[str]] = {}
        self._client: Optional[httpx.AsyncClient] = None
        self._loop: Optional[asyncio.AbstractEventLoop] = None

    async def write(self, instructions: str, text: str, *, known: Sequence[str] = (), restores: bool = True) -> str:
        """The model's text. See `Writer.write`."""
        mask, started = Mask(known), time.monotonic()
        outcome = "written"
        try:
            written = await self._guarded([{"role": "system", "content": instructions}, {"role": "user", "content": mask.hide(text)}])
            return mask.show(written) if restores else written
        except ValueError:
            outcome = "malformed"
            raise NotWritten(outcome, "a mark that stands for nothing") from None
        except NotWritten as reason:
            outcome = reason.reason
            raise
        finally:
            if self._logs:
                log.info("llm.called", outcome=outcome, seconds=round(time.monotonic() - started, 2))

    async def close(self) -> None:
        """Closes the connections."""
        if self._client is not None and self._loop is asyncio.get_running_loop():
            await self._client.aclose()
        self._client = None

    async def _guarded(self, messages: list[dict[str, str]]) -> str:
        """One call within the limits. A text that was cut short is the question's fault, not the endpoint's: the breaker does not count it."""
        if time.monotonic() < self._rests_until:
            raise NotWritten("resting")
        if not self._limiter.hit(self._rate):
            raise NotWritten("over-budget", "calls in a minute")
        try:
            async with await self._breakers.get_breaker(self.url):
                body = await self._within_time(messages)
                content, ending = _content(body)
        except OpenedState:
            raise NotWritten("resting") from None
        if ending == "length":
            raise NotWritten("over-budget", "tokens")
        if ending == "content_filter":
            raise NotWritten("refused", "by the endpoint")
        return _THOUGHTS.sub("", content).strip()

    async def _within_time(self, messages: list[dict[str, str]]) -> Any:
        try:
            return await asyncio.wait_for(self._post(messages), self.timeout)
        except (asyncio.TimeoutError, httpx.ReadTimeout, httpx.WriteTimeout):
            raise NotWritten("slow") from None
        except (httpx.HTTPError, OSError) as error:
            raise NotWritten("unreachable", type(error).__name__) from None

    async def _post(self, messages: list[dict[str, str]]) -> Any:
        for _ in range(len(_OTHER_NAMES) + 1):
            asked = self._named({"model": self.model, "messages": messages, "temperature": 0, "max_tokens": self.tokens, "stream": False})
            status, headers, body = await self._exchange(asked)
            refused = _refused_name(body) if status == 400 else None
            if refused is None or refused in self._renamed:
                break
            self._renamed[refused] = _OTHER_NAMES[refused]
        if status == 429:
            self._rest(headers.get("retry-after", ""))
            raise NotWritten("busy")
        if status >= 500:
            raise NotWritten("fault", str(status))
        if status != 200:
            raise NotWritten("rejected", str(status))
        if not isinstance(body, dict):
            raise NotWritten("malformed", "no JSON")
        return body

    async def _exchange(self, asked: dict[str, Any]) -> tuple[int, httpx.Headers, Any]:
        """Posts and reads a bounded answer: status, headers, and its JSON (None when it is none)."""
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        async with self._open().stream("POST", self.url, json=asked, headers=headers) as response:
            content = bytearray()
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > LARGEST:
                    raise NotWritten("malformed", "too large")
        try:
            return response.status_code, response.headers, json.loads(bytes(content))
        except ValueError:
            return response.status_code, response.headers, None

    def _named(self, asked: dict[str, Any]) -> dict[str, Any]:
        """With the names that the endpoint takes."""
        for name, other in self._renamed.items():
            value = asked.pop(name)
            if other:
                asked[other] = value
        return asked

    def _rest(self, retry_after: str) -> None:
        with contextlib.suppress(ValueError):
            self._rests_until = time.monotonic() + min(max(float(retry_after), 0.0), LONGEST_REST)

    def _open(self) -> httpx.AsyncClient:
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:  # connections belong to a loop
            # a proxy of the environment's must not stand between us and our own machine
            self._client = httpx.AsyncClient(timeout=self.timeout, follow_redirects=False, trust_env=not is_own_machine(self.url))
            self._loop = loop
        return self._client


def language_model(settings: Settings) -> Optional[Writer]:
    """The model that the settings name, or None."""
    return LanguageModel(settings) if settings.llm_url else None


def chat_address(url: str) -> str:
    """Where to post: `http://127.0.0.1:11434`, the same with `/v1`, and the whole address mean the same."""
    url = url.rstrip("/")
    if url.endswith("/chat/completions"):
        return url
    return f"{url}{'' if urlsplit(url).path else '/v1'}/chat/completions"


def is_own_machine(url: str) -> bool:
    """Whether a text stays on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _content(body: dict[str, Any]) -> tuple[str, str]:
    """The text of an answer, and why it ends."""
    try:
        choice = body["choices"][0]
        content, ending = choice["message"]["content"], choice.get("finish_reason") or ""
    except (KeyError, IndexError, TypeError, AttributeError):
        raise NotWritten("malformed", "no choice") from None
    if not isinstance(content, str):
        if ending == "length":  # it thought until its tokens were used up
            return "", "length"
        raise NotWritten("malformed", "no text")
    return content, str(ending)


def _refused_name(body: Any) -> Optional[str]:
    """The parameter that a model does not take, where it is one that we know how to do without."""
    error = body.get("error") if isinstance(body, dict) else None
    name = error.get("param") if isinstance(error, dict) else None
    return name if name in _OTHER_NAMES else None
