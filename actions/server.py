"""The action server on loopback: rasa-sdk's application, without the tracker in its error answers."""

from __future__ import annotations

import asyncio

from rasa_sdk.endpoint import create_app
from sanic.request import Request
from sanic.response import HTTPResponse, json

from savoir.core.log import logger, set_up
from savoir.core.settings import settings

log = logger(__name__)


def main() -> None:
    """Serves until it is ended."""
    the = settings()
    set_up("actions", the.log_level)
    app = create_app("actions", cors_origins=[])
    app.error_handler.add(Exception, _fault)

    @app.after_server_start
    async def warm(*_: object) -> None:
        import fpdf  # noqa: F401  (takes a second or two to load, for which no customer should wait)

        from actions.base import context
        from savoir.diagnosis import service as diagnosis
        from savoir.knowledge import service as knowledge

        try:
            await asyncio.get_running_loop().run_in_executor(None, diagnosis.trees)  # seconds, which the first customer would wait
            await asyncio.get_running_loop().run_in_executor(None, knowledge.prepare, context().database)
        except Exception as error:  # it will be tried again at the first question
            log.warning("actions.not_warm", error=repr(error))

    app.run(host="127.0.0.1", port=the.actions_port, access_log=False, motd=False)


def _fault(_: Request, error: Exception) -> HTTPResponse:
    log.error("actions.fault", error=repr(error)[:300])
    return json({"error": type(error).__name__}, status=500)


if __name__ == "__main__":
    main()
