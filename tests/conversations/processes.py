"""`python -m tests.conversations.processes desk|actions`: that process of the house, with the circumstances of conversations true in it."""

from __future__ import annotations

import sys
from typing import Any

from savoir.command import serving
from savoir.core.settings import settings
from tests.conversations.circumstances import Circumstances, follow_threads, note_present, present


def main(process: str) -> None:
    """Becomes the process, as `savoir serve` does."""
    circumstances = Circumstances(settings().var)
    circumstances.rule_the_hours()
    follow_threads()
    if process == "actions":
        from rasa_sdk.executor import ActionExecutor

        circumstances.rule_the_rooms()
        run = ActionExecutor.run

        async def run_for(self: ActionExecutor, action_call: Any) -> Any:
            present.set((action_call or {}).get("sender_id") or "")
            return await run(self, action_call)

        ActionExecutor.run = run_for  # type: ignore[method-assign]
    else:
        from savoir.conversations import service as log

        log.lock, log.find = note_present(log.lock), note_present(log.find)
    serving.serve(process)


if __name__ == "__main__":
    main(sys.argv[1])
