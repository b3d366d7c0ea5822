"""The front door's side of the Rasa channel: asks Rasa for the answer to one message."""

from __future__ import annotations

from typing import Any, Optional

import aiohttp

from savoir.conversations.service import Reply
from savoir.conversations.turns import Answer, Job
from savoir.core.settings import Settings


class RasaAssistant:
    """`savoir.conversations.turns.Assistant` by Rasa on loopback. Raises when Rasa can't answer; idempotent by message id."""

    def __init__(self, settings: Settings) -> None:
        self._base = f"http://127.0.0.1:{settings.rasa_port}"
        self._headers = {"Authorization": f"Bearer {settings.key('rasa')}"}
        self._timeout = aiohttp.ClientTimeout(total=settings.assistant_timeout, sock_connect=2)
        self._http: Optional[aiohttp.ClientSession] = None

    async def answer(self, job: Job) -> Answer:
        """Runs one turn in Rasa."""
        turn = {
            "sender": job.conversation, "message_id": job.message_id, "attempt": job.attempt, "text": job.text,
            "payload": job.payload or (None if job.text else "/share_photo"),
            "metadata": {"language": job.language, "channel": job.channel, "photos": job.photos, "seq": job.seq},
        }
        url = f"{self._base}/webhooks/desk/webhook"
        async with self._session().post(url, json=turn, headers=self._headers) as response:
            if response.status != 200:
                raise RuntimeError(f"Rasa answered {response.status}: {(await response.text())[:100]}")
            said = await response.json()
            return to_answer(said["messages"], said.get("language"))

    async def check(self) -> None:
        """Returns when Rasa has a model loaded; raises otherwise."""
        async with self._session().get(f"{self._base}/webhooks/desk/") as response:
            if response.status != 200:
                raise RuntimeError("Rasa runs, but has no model loaded")
            store = (await response.json()).get("tracker_store")
            if store != "LiveTrackerStore":  # Rasa falls back to memory with a warning only
                raise RuntimeError(f"Rasa keeps its trackers in {store}; expected LiveTrackerStore: see endpoints.yml")

    async def close(self) -> None:
        """Ends the connections."""
        if self._http is not None:
            await self._http.close()

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None or self._http.closed:
            self._http = aiohttp.ClientSession(timeout=self._timeout)
        return self._http


def to_answer(messages: list[dict[str, Any]], language: Optional[str] = None) -> Answer:
    """Rasa's messages as replies, effects (`custom: {"effect": …}`) and cards (`custom: {"cards": […]}`)."""
    replies: list[Reply] = []
    effects: list[dict[str, Any]] = []
    for message in messages:
        custom = message.get("custom") or {}
        if "effect" in custom:
            effects.append(custom)
        text, cards = message.get("text") or "", custom.get("cards")
        if text or cards or message.get("buttons"):
            buttons = [{"title": b["title"], "payload": b["payload"]} for b in message.get("buttons") or ()]
            replies.append(Reply(text, buttons or None, cards))
    return Answer(replies, effects, language)
