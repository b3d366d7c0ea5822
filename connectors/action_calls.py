"""Rasa's calls of the action server, without what Rasa 3.6 does anew at each of them.

Measured with this project's own turns: half of Rasa's CPU went into checking the JSON schema of the answer's schema, again at
every call; and every call opened a connection of its own. Here the schema is checked once and the connection is kept.
"""

from __future__ import annotations

from typing import Any, Dict, Optional

import aiohttp
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

SECONDS = 12.0
"""The longest call: far below the 60 s of Rasa's conversation lock."""

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
        """Posts JSON and returns JSON. Raises ClientResponseError for a status of 400 or more, as Rasa's own does."""
        kept: Optional[aiohttp.ClientSession] = getattr(self, "_kept", None)
        if kept is None or kept.closed:
            kept = self._kept = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS))
        async with kept.request(method, self.url, json=kwargs.get("json"), headers=self.headers, params=self.combine_parameters(kwargs)) as response:
            if response.status >= 400:
                raise ClientResponseError(response.status, response.reason, await response.content.read())
            return await response.json()


def quicken(agent: Any) -> None:
    """Makes an agent of Rasa call its action server this way."""
    RemoteAction._validate_action_result = _is_valid  # type: ignore[method-assign]
    endpoint = agent.action_endpoint
    if endpoint is not None and not isinstance(endpoint, ActionEndpoint):
        agent.action_endpoint = agent.processor.action_endpoint = ActionEndpoint.like(endpoint)


def _is_valid(_: RemoteAction, result: Dict[str, Any]) -> bool:
    _validator.validate(result)
    return True
