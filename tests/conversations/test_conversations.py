"""Every conversation that designers wrote goes as written."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from savoir.learning.recording import recorded
from tests.conversations import playing, reached
from tests.conversations.playing import Outcome
from tests.conversations.script import FOLDER, TOPICS, all_files
from tests.conversations.stage import Stage

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("house")]
FILES = all_files()


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}/{path.stem}" for path in FILES])
def test_conversation(path: Path, outcomes: dict[Path, Outcome]) -> None:
    outcome = outcomes[path]
    if not outcome.is_fine:
        pytest.fail("\n".join([outcome.report(), *(f"✗ {fault}" for fault in outcome.faults)]), pytrace=False)


def test_what_a_file_shows_was_understood_in_it(outcomes: dict[Path, Outcome], stage: Stage) -> None:
    wrong = [
        f"{outcome.script.name} shows {intent}, but was understood as {', '.join(understood)}"
        for outcome in outcomes.values()
        if outcome.conversation and (understood := reached.intents_of(stage, outcome.conversation))
        for intent in outcome.script.shows
        if intent not in understood
    ]
    assert not wrong, "\n".join(wrong)


def test_no_process_logged_a_fault(outcomes: dict[Path, Outcome], stage: Stage) -> None:
    """Those of conversations in which a room was meant to fail are left out; those of others are told beside their files."""
    known = {outcome.conversation for outcome in outcomes.values()}
    assert [line for conversation, line in stage.troubles() if conversation not in known] == []


def test_a_recorded_conversation_goes_as_it_went(stage: Stage, tmp_path: Path) -> None:
    played = FOLDER / "happy_path" / "customer_asks_where_an_order_is.yml"
    conversation = asyncio.run(playing.play_files(stage, [played]))[played].conversation
    path = tmp_path / "recorded.yml"
    with stage.context.database.reading() as session:
        path.write_text(recorded(session, conversation), encoding="utf-8")
    outcome = asyncio.run(playing.play_files(stage, [path]))[path]
    assert outcome.is_fine, f"{outcome.report()}\n\n{path.read_text()}"


def test_files_lie_in_the_folders_of_their_topics() -> None:
    assert {path.parent.name for path in FILES} <= set(TOPICS)
