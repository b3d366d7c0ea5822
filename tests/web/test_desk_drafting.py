"""One click on a solved ticket begins a draft in the language model's words where one is connected, and in the agents' where not."""

from __future__ import annotations

from typing import Any, Iterator

import pytest
from starlette.testclient import TestClient

from savoir.knowledge import revisions
from tests.connectors.chat_server import ChatServer, status
from tests.web.desk_stage import DeskServer
from tests.web.test_desk_knowledge import act, door, quiet, solve

__all__ = ["door", "quiet"]
WRITTEN = "Nova 6 : écran noir après la mise à jour\n\nMaintenez Marche et Volume bas pendant 15 secondes."


@pytest.fixture
def server() -> Iterator[ChatServer]:
    made = ChatServer()
    yield made
    made.stop()


@pytest.mark.parametrize(("answer", "is_taken"), [(WRITTEN, True), (WRITTEN.replace("15", "30"), False), (status(500), False)])
def test_a_draft_is_in_the_models_words_where_they_can_be_trusted(
    quiet: DeskServer, door: TestClient, server: ChatServer, answer: Any, is_taken: bool
) -> None:
    quiet.context.settings.llm_url, quiet.context.settings.llm_model = server.url, "test"
    server.answer = answer
    number = solve(quiet)
    assert act(door, f"tickets/{number}", show="tickets").status_code == 303
    assert len(server.bodies) == 1
    assert "Rousseau" not in server.bodies[0] and "Morvan" not in server.bodies[0]
    with quiet.context.database.reading() as session:
        (row,) = revisions.every_article(session)
        assert (row.title == "Nova 6 : écran noir après la mise à jour") is is_taken
        assert "Maintenez Marche et Volume bas pendant 15 secondes." in row.body
        assert "Nova 6" in row.body
