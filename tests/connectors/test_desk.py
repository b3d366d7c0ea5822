"""The Rasa channel: idempotent by message id, never cancelled by a disconnect, typed text never read as a payload."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered

from connectors.assistant import to_answer
from connectors.desk import DeskInput, typed
from connectors.trackers import LiveTrackerStore

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents: [greet]
    slots:
      language: {type: text, influence_conversation: false, mappings: [{type: custom}]}
    """
)


class Agent:
    """What the channel needs of Rasa's agent: its tracker store, and a way to run a message."""

    def __init__(self, store: LiveTrackerStore) -> None:
        self.tracker_store = store
        self.runs: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def handle(self, message: UserMessage) -> None:
        tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
        self.runs.append(message.text)
        tracker.update(UserUttered(message.text, message_id=message.message_id))
        await self.gate.wait()
        await message.output_channel.send_response(message.sender_id, {"text": f"re: {message.text}", "buttons": [], "custom": {}})
        tracker.update(SlotSet("language", "en"))
        tracker.update(BotUttered(f"re: {message.text}", {"custom": {}}))
        tracker.update(ActionExecuted("action_listen"))
        await self.tracker_store.save(tracker)


@pytest.fixture
def store(tmp_path: Path) -> LiveTrackerStore:
    return LiveTrackerStore(DOMAIN, host=f"sqlite:///{tmp_path / 'rasa.db'}")


def turn(message_id: str = "c:1", attempt: int = 1, **more: Any) -> dict[str, Any]:
    return {"sender": "c", "message_id": message_id, "attempt": attempt, "text": "hello", **more}


def channel() -> DeskInput:
    return DeskInput("t" * 32)


@pytest.mark.parametrize(
    ("text", "read"), [("/restart", "restart"), ("  //session_start", "session_start"), ("/", "?"), ("bonjour / merci", "bonjour / merci")]
)
def test_typed_text_is_never_a_payload(text: str, read: str) -> None:
    assert typed(text) == read


def test_a_word_typed_over_and_over_is_read_once() -> None:
    assert typed("bla " * 900) == "bla "
    assert typed("help, help, help, help, help! my phone") == "help! my phone"
    assert typed("non non et non") == "non non et non"


def test_a_repeated_message_gets_the_same_replies_and_is_not_run_again(store: LiveTrackerStore) -> None:
    async def test() -> None:
        agent, desk = Agent(store), channel()
        first = await desk._answer(agent, agent.handle, turn())
        again = await desk._answer(agent, agent.handle, turn(attempt=2))
        assert first == again == {"messages": [{"text": "re: hello"}], "language": "en"}
        assert agent.runs == ["hello"]

    asyncio.run(test())


def test_a_restarted_rasa_finds_the_replies_of_a_saved_turn_in_the_tracker(store: LiveTrackerStore) -> None:
    async def test() -> None:
        agent = Agent(store)
        await channel()._answer(agent, agent.handle, turn())
        reborn = channel()
        assert (await reborn._answer(agent, agent.handle, turn(attempt=2)))["messages"] == [{"text": "re: hello"}]
        assert agent.runs == ["hello"]

    asyncio.run(test())


def test_a_turn_that_was_not_saved_is_run_again(store: LiveTrackerStore) -> None:
    async def test() -> None:
        agent, desk = Agent(store), channel()
        await desk._answer(agent, agent.handle, turn("c:1"))
        assert (await desk._answer(agent, agent.handle, turn("c:2", attempt=2)))["messages"] == [{"text": "re: hello"}]
        assert agent.runs == ["hello", "hello"]

    asyncio.run(test())


def test_a_disconnect_does_not_cancel_the_turn(store: LiveTrackerStore) -> None:
    async def test() -> None:
        agent, desk = Agent(store), channel()
        agent.gate.clear()
        waiting = asyncio.create_task(desk._answer(agent, agent.handle, turn()))
        await asyncio.sleep(0.01)
        waiting.cancel()
        agent.gate.set()
        assert (await desk._answer(agent, agent.handle, turn(attempt=2)))["messages"] == [{"text": "re: hello"}]
        assert agent.runs == ["hello"]

    asyncio.run(test())


def test_a_turn_that_the_tracker_store_lost_fails_so_that_it_is_tried_again(store: LiveTrackerStore) -> None:
    async def test() -> None:
        agent, desk = Agent(store), channel()

        async def lose(message: UserMessage) -> None:
            store.failed.add(message.sender_id)  # Rasa goes on as if the conversation were new

        with pytest.raises(RuntimeError, match="not saved"):
            await desk._answer(agent, lose, turn())

    asyncio.run(test())


@pytest.mark.parametrize("token", ["", "short", "${SAVOIR_RASA_TOKEN}" + "x" * 32])
def test_a_channel_without_a_real_token_does_not_start(token: str) -> None:
    with pytest.raises(ValueError, match="token"):
        DeskInput.from_credentials({"token": token})


def test_the_live_tracker_holds_what_the_database_holds(store: LiveTrackerStore) -> None:
    async def test() -> None:
        agent = Agent(store)
        for n in range(3):
            await channel()._answer(agent, agent.handle, turn(f"c:{n}"))
        live = await store.retrieve("c")
        loaded = await store.retrieve("c")
        assert live is not loaded, "the second reading comes from the database"
        assert [e.as_dict() for e in live.events] == [e.as_dict() for e in loaded.events]

    asyncio.run(test())


def test_a_turn_that_fails_half_way_leaves_nothing_in_the_live_tracker(store: LiveTrackerStore) -> None:
    async def test() -> None:
        agent = Agent(store)
        await channel()._answer(agent, agent.handle, turn("c:1"))
        half = await store.retrieve("c")
        half.update(UserUttered("half"))
        assert "half" not in [e.text for e in (await store.retrieve("c")).events if isinstance(e, UserUttered)]

    asyncio.run(test())


def test_another_process_writing_makes_the_live_tracker_void(store: LiveTrackerStore, tmp_path: Path) -> None:
    async def test() -> None:
        one, two = Agent(store), Agent(LiveTrackerStore(DOMAIN, host=f"sqlite:///{tmp_path / 'rasa.db'}"))
        await channel()._answer(one, one.handle, turn("c:1"))
        await channel()._answer(two, two.handle, turn("c:2"))
        seen = [e.message_id for e in (await store.retrieve("c")).events if isinstance(e, UserUttered)]
        assert seen == ["c:1", "c:2"]

    asyncio.run(test())


def test_effects_cards_and_buttons_of_rasas_messages_are_told_apart() -> None:
    answer = to_answer(
        [
            {"text": "Bonjour", "buttons": [{"title": "Oui", "payload": "/affirm", "type": "x"}]},
            {"custom": {"effect": "hand_over", "reason": "asked"}},
            {"text": "", "custom": {"cards": [{"title": "T"}]}},
        ],
        "fr",
    )
    assert [r.text for r in answer.replies] == ["Bonjour", ""]
    assert answer.replies[0].buttons == [{"title": "Oui", "payload": "/affirm"}]
    assert answer.effects == [{"effect": "hand_over", "reason": "asked"}]
    assert answer.language == "fr"
