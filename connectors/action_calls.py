"""Rasa's calls of the action server: a call that fails fails the turn, and nothing is done anew at each call.

Rasa 3.6 logs a failed call, loses its events, and saves the turn as if the action had run: the customer gets no answer. Here a call
waits for an action server that is starting again, and a turn in which one failed is neither saved nor answered, so that the front
door tries it again. Actions do their work once per message id, however often they are called.

Measured with this project's own turns: half of Rasa's CPU went into checking the JSON schema of the answer's schema, again at
every call; and every call opened a connection of its own. Here the schema is checked once and the connection is kept.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from typing import Any, Dict, List, Optional

import aiohttp
import tenacity
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

SECONDS = 12.0
"""The longest call: far below the 60 s of Rasa's conversation lock."""

PATIENCE = 8.0
"""Seconds for which a call waits for an action server that can't be reached: it is back three seconds after it died."""

_faults: ContextVar[Optional[List[str]]] = ContextVar("faults", default=None)
_schema = RemoteAction.action_response_format_spec()
_validator = validator_for(_schema)(_schema)


class ActionEndpoint(EndpointConfig):
    """An endpoint that keeps its connections."""

    @classmethod
    def like(cls, endpoint: EndpointConfig) -> "ActionEndpoint":
        """The endpoint of endpoints.yml, as one that keeps its connections."""
        return cls(
            url=endpoint.url, params=endpoint.params, headers=endpoint.headers, basic_auth=endpoint.basic_auth, token=endpoint.token,
            token_name=endpoint.token_name, **endpoint.kwargs,
        )

    async def request(
        self, method: str = "post", subpath: Optional[str] = None, content_type: Optional[str] = "application/json",
        compress: bool = False, **kwargs: Any,
    ) -> Optional[Any]:
        """Posts JSON and returns JSON. Raises ClientResponseError for a status of 400 or more, as Rasa's own does; aiohttp.ClientError,
        asyncio.TimeoutError when there is no answer. Whatever it raises, but a rejection (400), is a fault of the turn."""
        insist = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception_type(aiohttp.ClientConnectionError), stop=tenacity.stop_after_delay(PATIENCE),
            wait=tenacity.wait_exponential_jitter(initial=0.05, max=0.5, jitter=0.05), reraise=True,
        )
        try:
            return await insist(self._post, method, kwargs.get("json"))
        except (aiohttp.ClientError, asyncio.TimeoutError, ClientResponseError) as fault:
            faults = _faults.get()
            if faults is not None and getattr(fault, "status", None) != 400:
                faults.append(f"{type(fault).__name__}: {fault}")
            raise

    async def _post(self, method: str, body: Any) -> Any:
        kept: Optional[aiohttp.ClientSession] = getattr(self, "_kept", None)
        if kept is None or kept.closed:
            kept = self._kept = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS))
        async with kept.request(method, self.url, json=body, headers=self.headers, params=self.combine_parameters({})) as response:
            if response.status >= 400:
                raise ClientResponseError(response.status, response.reason, await response.content.read())
            return await response.json()


def watch() -> List[str]:
    """From here on, in this task, failed calls are noted in the list that is returned."""
    faults: List[str] = []
    _faults.set(faults)
    return faults


def has_failed() -> bool:
    """Whether a call has failed since `watch`."""
    return bool(_faults.get())


def quicken(agent: Any) -> None:
    """Makes an agent of Rasa call its action server this way."""
    RemoteAction._validate_action_result = _is_valid  # type: ignore[method-assign]
    endpoint = agent.action_endpoint
    if endpoint is not None and not isinstance(endpoint, ActionEndpoint):
        agent.action_endpoint = agent.processor.action_endpoint = ActionEndpoint.like(endpoint)


def _is_valid(_: RemoteAction, result: Dict[str, Any]) -> bool:
    _validator.validate(result)
    return True
