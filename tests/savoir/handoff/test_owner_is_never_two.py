"""Whatever people, assistant, keeper and customer do at once: one owner, no message lost or doubled, and the epoch only grows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import Any, Callable

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.conversations import turns
from savoir.conversations.service import Reply
from savoir.conversations.tables import STATES, Handling
from savoir.core.clock import OpeningHours
from savoir.core.database import Database
from savoir.core.errors import Problem
from savoir.handoff import accounts, keeper, presence, routing, service, transferring
from savoir.handoff.tables import Agent

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=timezone.utc)
HOURS = OpeningHours.parse("mo-su 00:00-23:59", "Europe/Paris")
QUEUE = service.Queue(HOURS)
PATIENCE = keeper.Patience(timedelta(minutes=3), timedelta(minutes=10), timedelta(minutes=30))
AGENTS = st.integers(0, 2)
DEEDS = st.one_of(
    st.tuples(st.just("write")), st.tuples(st.just("ask_for_people"), st.sampled_from(["asked", "safety", "complaint"])),
    st.tuples(st.just("answer")), st.tuples(st.just("take"), AGENTS), st.tuples(st.just("reply"), AGENTS), st.tuples(st.just("reply_again"), AGENTS),
    st.tuples(st.just("note"), AGENTS), st.tuples(st.just("hand_back"), AGENTS), st.tuples(st.just("resolve"), AGENTS),
    st.tuples(st.just("pass_to_agent"), AGENTS, AGENTS), st.tuples(st.just("pass_to_queue"), AGENTS, st.sampled_from(sorted(routing.QUEUES))),
    st.tuples(st.just("snooze"), AGENTS), st.tuples(st.just("wake"), AGENTS), st.tuples(st.just("reopen"), AGENTS), st.tuples(st.just("keep")),
    st.tuples(st.just("leave_chat")), st.tuples(st.just("presence"), AGENTS, st.sampled_from(["available", "busy", "away", "gone"])),
)


class People(RuleBasedStateMachine):
    """One conversation, three agents (the last a supervisor), and up to three deeds in the same instant."""

    database: Database

    @initialize(given_by_load=st.booleans())
    def begin(self, given_by_load: bool) -> None:
        self.at, self.sent, self.number, self.epoch = NOON, {}, 0, 0
        with self.database.writing() as session:
            for name in ("Ana", "Ben", "Cleo"):
                if accounts.find_agent(session, f"{name}@example.org") is None:
                    accounts.add_agent(
                        session, email=f"{name}@example.org", name=name, password="a long password", at=NOON,
                        role="supervisor" if name == "Cleo" else "agent",
                    )
            self.agents = [accounts.find_agent(session, f"{name}@example.org") for name in ("Ana", "Ben", "Cleo")]
            session.query(conversations.Conversation).filter(conversations.Conversation.state.in_(("agent", "waiting"))).update({"state": "resolved", "agent": None})
            for name in routing.QUEUES:
                routing.change_rules(session, routing.Rules(name, name, name, "least_loaded" if given_by_load else "by_hand"))
            for agent in self.agents:
                presence.choose(session, agent=agent.id, presence="available", at=NOON)
            self.conversation = str(conversations.start(session, channel="web", language="fr", at=NOON).id)

    @rule(deeds=st.lists(DEEDS, min_size=1, max_size=3), minutes=st.sampled_from([0, 1, 4, 12, 45]))
    def at_once(self, deeds: list[tuple[Any, ...]], minutes: int) -> None:
        self.at += timedelta(minutes=minutes)
        jobs = [self._job(deed) for deed in deeds]
        with ThreadPoolExecutor(len(jobs)) as pool:
            for client_id, text in filter(None, pool.map(lambda job: job(), jobs)):
                assert self.sent.setdefault(client_id, text) == text

    @invariant()
    def owner_is_one(self) -> None:
        if not hasattr(self, "conversation"):
            return
        with self.database.reading() as session:
            row = conversations.find(session, self.conversation)
            messages = conversations.read(session, self.conversation, private=True)
            handled = session.query(Handling).filter_by(conversation=self.conversation).all()
        assert row.state in STATES
        assert (row.state == "agent") == (row.agent is not None)
        assert row.epoch >= self.epoch
        self.epoch = row.epoch
        assert row.snoozed_at is None or row.state == "agent"
        assert [m.seq for m in messages] == list(range(1, row.last_seq + 1))
        by_id = [m.client_id for m in messages if m.client_id]
        assert len(by_id) == len(set(by_id))
        stored = {m.client_id: m.text for m in messages}
        assert {key: stored.get(key) for key in self.sent} == self.sent
        # nobody's time overlaps anybody else's: an owner at every moment, never two
        spans = sorted((h.taken_at, h.left_at) for h in handled)
        assert all(first[1] <= second[0] for first, second in pairwise(spans))
        assert all(h.left_at <= row.taken_at for h in handled) or row.state != "agent"

    def _job(self, deed: tuple[Any, ...]) -> Callable[[], Any]:
        name, at = deed[0], self.at
        self.number += 1
        number = self.number
        text = f"words {number}"

        def work(session: Session) -> Any:
            agent: Any = session.get(Agent, self.agents[deed[1]].id) if len(deed) > 1 and isinstance(deed[1], int) else None
            who = {"conversation": self.conversation, "agent": agent, "at": at}
            if name == "write":
                conversations.receive(session, conversation=self.conversation, client_id=f"c{number}", text=text, at=at)
                return f"c{number}", text
            if name == "ask_for_people":
                QUEUE.hand_over(session, conversations.lock(session, self.conversation), {"reason": deed[1]}, at)
            elif name == "take":
                service.take(session, **who)
            elif name == "reply":
                service.reply(session, client_id=str(number), text=text, **who)
                return f"agent:{number}", text
            elif name == "reply_again":  # the same id, as after a network that dropped
                service.reply(session, client_id=f"again-{deed[1]}", text="again", **who)
                return f"agent:again-{deed[1]}", "again"
            elif name == "note":
                service.note(session, client_id=f"n{number}", text=f"@Ana {text}", **who)
                return f"agent:n{number}", f"@Ana {text}"
            elif name == "pass_to_agent":
                transferring.transfer(session, QUEUE, to=f"agent:{self.agents[deed[2]].id}", words=text, client_id=f"p{number}", **who)
            elif name == "pass_to_queue":
                transferring.transfer(session, QUEUE, to=f"queue:{deed[2]}", client_id=f"p{number}", **who)
            elif name == "hand_back":
                service.hand_back(session, agreed=text, **who)
            elif name == "resolve":
                service.resolve(session, **who)
            elif name == "snooze":
                transferring.snooze(session, until=at + timedelta(minutes=3) if number % 2 else None, **who)
            elif name in ("wake", "reopen"):
                getattr(transferring, name)(session, **who)
            elif name == "keep":
                keeper.look_at(session, self.conversation, queue=QUEUE, patience=PATIENCE, at=at)
            elif name == "leave_chat":
                conversations.customer_has_left(session, self.conversation, at)
            elif deed[2:] == ("gone",):
                presence.leave(session, agent=agent.id, at=at)
            else:
                presence.choose(session, agent=agent.id, presence=deed[2], at=at)
            return None

        def answer() -> None:
            """A turn of the assistant: claimed, and stored a moment later, whoever has the conversation by then."""
            with self.database.writing() as session:
                job = turns.claim(session, self.conversation, by="t", at=at, seconds=30)
            if isinstance(job, turns.Job):
                with self.database.writing() as session:
                    before = conversations.lock(session, self.conversation)
                    owner = (before.state, before.epoch)
                    said = turns.complete(session, job, turns.Answer([Reply(text)]), by="t", at=at, effects={})
                    assert said is None or owner == ("bot", job.epoch)

        def run() -> Any:
            try:
                with self.database.writing() as session:
                    return work(session)
            except Problem:
                return None  # refused: nothing is stored, nothing was promised

        return answer if name == "answer" else run


def test_the_owner_is_never_two_no_message_is_lost_and_the_epoch_only_grows(database: Database) -> None:
    class OfDatabase(People):
        pass

    OfDatabase.database = database
    run_state_machine_as_test(
        OfDatabase,
        settings=settings(max_examples=12, stateful_step_count=20, deadline=None, database=None, suppress_health_check=list(HealthCheck)),
    )
