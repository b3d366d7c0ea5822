"""People at work: who gets what, what becomes of what nobody looks at, and what the customer is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from savoir.conversations import service as conversations
from savoir.core.audit import changes
from savoir.core.clock import OpeningHours
from savoir.core.context import Context
from savoir.core.errors import Problem
from savoir.core.settings import Settings
from savoir.core.tables import OutboxItem
from savoir.handoff import accounts, calendars, keeper, news, presence, routing, service, staff, transferring
from savoir.handoff.tables import Agent

PATIENCE = keeper.Patience(timedelta(minutes=3), timedelta(minutes=10), timedelta(minutes=30))
PEOPLE = ("Ana Leroy", "Ben Hall", "Cleo Diaz")


@pytest.fixture
def agents(context: Context) -> list[Agent]:
    with context.database.writing() as session:
        made = [
            accounts.add_agent(session, email=f"{name[:3].lower()}@example.org", name=name, password="a long password", at=context.clock(), role=role)
            for name, role in zip(PEOPLE, ("agent", "agent", "administrator"), strict=True)
        ]
        for agent in made:
            presence.choose(session, agent=agent.id, presence="available", at=context.clock())
        for queue in routing.QUEUES:
            routing.change_rules(session, routing.Rules(queue, queue, queue, "least_loaded"))
        return made


def queue(context: Context) -> service.Queue:
    return service.Queue.of(context.settings, context.hours)


def begin(context: Context, *, language: str = "fr", **effect: Any) -> str:
    with context.database.writing() as session:
        row = conversations.start(session, channel="web", language=language, at=context.clock())
        conversations.receive(session, conversation=row.id, client_id="c", text="bonjour", at=context.clock())
        queue(context).hand_over(session, row, {"reason": "asked", **effect}, context.clock())
        return str(row.id)


def look(context: Context, conversation: str) -> Any:
    with context.database.writing() as session:
        return keeper.look_at(session, conversation, queue=queue(context), patience=PATIENCE, at=context.clock())


def row_of(context: Context, conversation: str) -> Any:
    with context.database.reading() as session:
        return conversations.find(session, conversation)


def texts(context: Context, conversation: str) -> list[str]:
    with context.database.reading() as session:
        return [m.text for m in conversations.read(session, conversation, private=True)]


def change(context: Context, agent: Agent, **values: Any) -> None:
    with context.database.writing() as session:
        for name, value in values.items():
            setattr(session.get(Agent, agent.id), name, value)


def be(context: Context, agent: Agent, what: str) -> None:
    with context.database.writing() as session:
        presence.choose(session, agent=agent.id, presence=what, at=context.clock())


def do(context: Context, work: Any, **more: Any) -> Any:
    with context.database.writing() as session:
        return work(session, at=context.clock(), **more)


def kinds(context: Context, agent: Agent) -> list[str]:
    with context.database.reading() as session:
        return [item.kind for item in news.news_of(session, agent.id)]


def test_the_least_loaded_of_those_who_are_available_and_can_gets_it(context: Context, agents: list[Agent]) -> None:
    change(context, agents[0], capacity=2)
    be(context, agents[2], "busy")
    owners = [row_of(context, begin(context)).agent for _ in range(4)]
    assert sorted(owners, key=[a.id for a in agents].index) == [agents[0].id] + [agents[1].id] * 3
    change(context, agents[1], languages=["fr"])
    assert row_of(context, begin(context, language="en")).agent == agents[0].id
    change(context, agents[0], queues=["repairs"])
    assert row_of(context, begin(context, category="billing.invoice")).agent == agents[1].id
    assert "given" in kinds(context, agents[1])


def test_without_a_free_place_it_waits_and_is_given_when_one_is_free(context: Context, agents: list[Agent]) -> None:
    for agent in agents:
        change(context, agent, capacity=1)
    first, *_, last = [begin(context) for _ in range(4)]
    assert row_of(context, last).state == "waiting" and look(context, last) is None
    holder = next(a for a in agents if a.id == row_of(context, first).agent)
    do(context, service.resolve, conversation=first, agent=holder)
    assert look(context, last) == "given"
    assert row_of(context, last).agent == holder.id


def test_what_is_put_off_holds_no_place_and_wakes_at_its_time_or_at_an_answer(context: Context, agents: list[Agent], clock: Any) -> None:
    conversation = begin(context)
    agent = next(a for a in agents if a.id == row_of(context, conversation).agent)
    do(context, transferring.snooze, conversation=conversation, agent=agent, until=clock() + timedelta(hours=1))
    with context.database.reading() as session:
        assert routing.loads(session).get(agent.id) is None
    with pytest.raises(Problem, match="time to come"):
        do(context, transferring.snooze, conversation=conversation, agent=agent, until=clock() - timedelta(hours=1))
    clock.forward(minutes=61)
    assert look(context, conversation) == "due"
    assert "due" in kinds(context, agent)
    do(context, transferring.snooze, conversation=conversation, agent=agent)
    clock.forward(minutes=30)
    do(context, conversations.receive, conversation=conversation, client_id="later", text="voilà")
    row = row_of(context, conversation)
    assert (row.state, row.agent, row.snoozed_at, row.snoozed_seconds) == ("agent", agent.id, None, 91 * 60)


def test_who_takes_no_notice_is_away_and_others_get_it(context: Context, agents: list[Agent], clock: Any) -> None:
    conversation = begin(context)
    ignored = next(a for a in agents if a.id == row_of(context, conversation).agent)
    clock.forward(minutes=2)
    for agent in agents:
        do(context, presence.seen, agent=agent.id)
    assert look(context, conversation) is None
    clock.forward(minutes=1)
    assert look(context, conversation) == "unnoticed"
    row = row_of(context, conversation)
    assert row.state == "agent" and row.agent != ignored.id
    assert "missed" in kinds(context, ignored)
    with context.database.reading() as session:
        assert presence.presences(session, clock())[ignored.id] == "away"


def test_looking_at_it_is_notice_enough(context: Context, agents: list[Agent], clock: Any) -> None:
    conversation = begin(context)
    owner = row_of(context, conversation).agent
    assert do(context, service.notice_own, conversation=conversation, agent=owner)
    clock.forward(minutes=5)
    do(context, presence.seen, agent=owner)
    assert look(context, conversation) is None


def test_who_goes_off_line_loses_only_those_who_wait_for_an_answer(context: Context, agents: list[Agent], clock: Any) -> None:
    waits, answered = begin(context), None
    owner = next(a for a in agents if a.id == row_of(context, waits).agent)
    with context.database.writing() as session:
        answered = str(conversations.start(session, channel="web", language="fr", at=clock()).id)
        service.take(session, conversation=answered, agent=owner, at=clock())
        service.reply(session, conversation=answered, agent=owner, client_id="r", text="voici", at=clock())
        service.notice_own(session, conversation=waits, agent=owner.id, at=clock())
    clock.forward(minutes=14)
    for agent in agents:
        if agent.id != owner.id:
            do(context, presence.seen, agent=agent.id)
    assert look(context, waits) == "offline"
    assert look(context, answered) is None
    assert row_of(context, waits).agent not in (None, owner.id)


def test_signing_out_gives_back_at_once_and_the_customer_keeps_their_place(context: Context, agents: list[Agent], clock: Any) -> None:
    for agent in agents[1:]:
        be(context, agent, "busy")
    clock.forward(minutes=1)
    conversation = begin(context)
    do(context, service.notice_own, conversation=conversation, agent=agents[0].id)
    do(context, presence.leave, agent=agents[0].id)
    later = begin(context)
    assert look(context, conversation) == "offline"
    with context.database.reading() as session:
        assert {row.id for row in conversations.in_state(session, "waiting")} == {conversation, later}
    assert "Ana Leroy n'est plus disponible." in texts(context, conversation)[-1]


def test_when_everybody_is_away_a_message_or_a_call_is_offered_never_silence(context: Context, agents: list[Agent]) -> None:
    conversation = begin(context, queue="repairs")
    assert row_of(context, conversation).state == "agent"
    for agent in agents:
        be(context, agent, "away")
    second = begin(context)
    with context.database.reading() as session:
        said = conversations.read(session, second)[-1]
    assert "Aucun conseiller n'est à son poste" in said.text
    assert [button["payload"] for button in said.buttons] == ["/open_ticket", "/ask_callback"]


def test_who_waits_when_the_queue_closes_is_told_once(context: Context, agents: list[Agent], clock: Any) -> None:
    for agent in agents:
        be(context, agent, "busy")
    conversation = begin(context)
    clock.at = datetime(2026, 11, 24, 18, 30, tzinfo=timezone.utc)
    assert look(context, conversation) == "told"
    assert "absents pour l'instant" in texts(context, conversation)[-1]
    assert look(context, conversation) is None


def test_a_customer_who_left_the_chat_has_abandoned_after_a_while_of_opening_hours_and_waits_again_when_they_write(
    context: Context, agents: list[Agent], clock: Any
) -> None:
    for agent in agents:
        be(context, agent, "busy")
    conversation = begin(context)
    do(context, lambda s, at: conversations.customer_has_left(s, conversation, at))
    clock.forward(minutes=29)
    for agent in agents:
        do(context, presence.seen, agent=agent.id)
    assert look(context, conversation) is None
    clock.forward(minutes=2)
    assert look(context, conversation) == "abandoned"
    assert row_of(context, conversation).state == "abandoned"
    do(context, conversations.receive, conversation=conversation, client_id="back", text="me revoilà")
    assert row_of(context, conversation).state == "waiting"
    assert look(context, conversation) == "told"


def test_the_wait_is_told_from_handling_times_and_not_at_all_from_too_few(context: Context, agents: list[Agent], clock: Any) -> None:
    for agent in agents[1:]:
        be(context, agent, "away")
    change(context, agents[0], capacity=1)
    for _ in range(3):
        done = begin(context)
        do(context, service.notice_own, conversation=done, agent=agents[0].id)
        clock.forward(minutes=12)
        do(context, presence.seen, agent=agents[0].id)
        do(context, service.resolve, conversation=done, agent=agents[0])
    begin(context)
    second, third = begin(context), begin(context)
    with context.database.reading() as session:
        facts = [queue(context).facts(session, conversations.find(session, one), clock()) for one in (second, third)]
    assert facts[0]["wait_minutes"] == 15  # one must end first: 12 minutes, said as 15
    assert facts[1]["wait_minutes"] in (15, 30)  # begun in the same instant
    assert "Comptez environ 15 minutes" in texts(context, second)[-1]
    be(context, agents[0], "busy")
    with context.database.reading() as session:
        assert queue(context).facts(session, conversations.find(session, second), clock())["wait_minutes"] is None


def test_passing_on_keeps_all_tells_the_next_and_only_a_supervisor_moves_others(context: Context, agents: list[Agent]) -> None:
    conversation = begin(context)
    owner = next(a for a in agents if a.id == row_of(context, conversation).agent)
    supervisor = agents[2]
    others = [a for a in agents if a.id != owner.id]
    move = {"conversation": conversation, "client_id": "p", "queue": queue(context)}
    plain = next(a for a in others if a.role == "agent")
    with pytest.raises(Problem) as caught:
        do(context, transferring.transfer, agent=plain, to=f"agent:{plain.id}", **move) if owner.role == "agent" else do(context, transferring.transfer, agent=plain, to="queue:repairs", **move)
    assert caught.value.code == "not-yours"
    for _ in range(2):  # a second press changes nothing
        do(context, transferring.transfer, agent=owner, to=f"agent:{plain.id}", words="attend un rappel", **move)
    assert row_of(context, conversation).agent == plain.id
    assert texts(context, conversation)[-2:] == ["attend un rappel", f"{owner.name} confie votre conversation à {plain.name}."]
    assert "passed" in kinds(context, plain)
    for agent in agents:
        be(context, agent, "busy")
    do(context, transferring.transfer, agent=supervisor, to="queue:repairs", conversation=conversation, client_id="q", queue=queue(context))
    row = row_of(context, conversation)
    assert (row.state, row.queue) == ("waiting", "repairs")
    assert "Votre conversation passe à un autre service (repairs)." in texts(context, conversation)[-1]
    assert "moved" in kinds(context, plain)


def test_a_reply_whose_answer_was_lost_is_one_reply_even_after_the_conversation_was_passed_on(context: Context, agents: list[Agent]) -> None:
    conversation = begin(context)
    owner = next(a for a in agents if a.id == row_of(context, conversation).agent)
    first = do(context, service.reply, conversation=conversation, agent=owner, client_id="once", text="bonjour")
    other = next(a for a in agents if a.id != owner.id)
    do(context, transferring.transfer, queue=queue(context), conversation=conversation, agent=owner, to=f"agent:{other.id}", client_id="p")
    again = do(context, service.reply, conversation=conversation, agent=owner, client_id="once", text="bonjour")
    assert again.seq == first.seq
    with pytest.raises(Problem):
        do(context, service.reply, conversation=conversation, agent=owner, client_id="new", text="encore")


def test_a_colleague_named_in_a_note_is_told_and_hears_how_it_goes_on(context: Context, agents: list[Agent]) -> None:
    conversation = begin(context)
    ana, ben, cleo = agents
    do(context, service.note, conversation=conversation, agent=ana, client_id="n", text="@ben hall, ou @Cleo : déjà vu ?")
    do(context, service.note, conversation=conversation, agent=ana, client_id="n", text="@ben hall, ou @Cleo : déjà vu ?")
    for agent in (ben, cleo):
        assert kinds(context, agent).count("asked") == 1
        do(context, lambda s, at, who=agent: news.mark_read(s, agent=who.id, at=at))
    do(context, conversations.receive, conversation=conversation, client_id="more", text="et aussi")
    for _ in range(2):
        do(context, lambda s, at: news.tell_watchers(s, at))
    assert kinds(context, ben).count("watched") == 1


def test_a_queue_has_its_own_week_holidays_and_days(context: Context, agents: list[Agent]) -> None:
    firm = OpeningHours.parse("mo-fr 09:00-19:00", "Europe/Paris", "FR")
    rules = routing.Rules("repairs", "Ateliers", "Workshops", "by_hand", 5, "mo-fr 08:00-12:00,13:30-17:00", "")
    do(context, lambda s, at: staff.change_queue(s, by=agents[2], rules=rules, at=at))
    do(context, staff.set_day, by=agents[2], queue=None, day=date(2026, 12, 24), hours="09:00-12:00", name="Réveillon")
    do(context, staff.set_day, by=agents[2], queue="repairs", day=date(2026, 12, 24), hours="", name="Fermé")
    with context.database.reading() as session:
        repairs, care = calendars.calendar_of(session, "repairs", firm), calendars.calendar_of(session, "care", firm)
        assert routing.rules_of(session, "repairs").name("en") == "Workshops"
        assert [event.action for event in changes(session, kind="calendar")] == ["set_day", "set_day"]
    assert [len(repairs.slots_on(day)) for day in (date(2026, 11, 24), date(2026, 12, 24), date(2026, 12, 25))] == [2, 0, 2]
    assert [len(care.slots_on(day)) for day in (date(2026, 11, 24), date(2026, 12, 24), date(2026, 12, 25))] == [1, 1, 0]
    assert not repairs.is_open(datetime(2026, 11, 24, 11, 30, tzinfo=timezone.utc))  # 12:30 in Paris: lunch
    for bad in ("mo 12:00-09:00", "mo 09:00-12:00,11:00-14:00", "someday"):
        with pytest.raises(Problem) as caught:
            calendars.check_week(bad)
        assert caught.value.code == "bad-hours"


def test_who_is_invited_chooses_a_password_once(context: Context, agents: list[Agent], settings: Settings, clock: Any) -> None:
    profile = staff.Profile("Dina  Petit", "agent", ["repairs"], ["fr"], 3)
    agent, link = do(context, staff.invite, settings=settings, by=agents[2], email="dina@example.org", profile=profile, language="fr")
    token = link.rpartition("/")[2]
    with context.database.reading() as session:
        assert link in session.query(OutboxItem).one().payload["text"]
    do(context, staff.accept, token=token, password="tout nouveau mot")
    with pytest.raises(Problem) as caught:
        do(context, staff.accept, token=token, password="tout nouveau mot")
    assert caught.value.code == "invitation-over"
    with context.database.reading() as session:
        assert accounts.check_password(session, email="dina@example.org", password="tout nouveau mot").queues == ["repairs"]
        log = changes(session, kind="agent", subject=agent.id)
        assert [(event.action, event.actor_name) for event in log] == [("accept", "Dina Petit"), ("invite", "Cleo Diaz")]
        assert "tout nouveau" not in str([(event.before, event.after) for event in log])


def test_only_an_administrator_changes_agents_and_the_last_one_stays(context: Context, agents: list[Agent]) -> None:
    profile = staff.Profile("Ben Hall", "supervisor", None, None, 4)
    for work in (
        lambda s, at: staff.change_agent(s, by=agents[0], agent=agents[1].id, profile=profile, at=at),
        lambda s, at: staff.set_active(s, by=agents[0], agent=agents[1].id, is_active=False, at=at),
    ):
        with pytest.raises(Problem) as caught:
            do(context, work)
        assert caught.value.code == "not-allowed"
    do(context, staff.change_agent, by=agents[2], agent=agents[1].id, profile=profile)
    with context.database.reading() as session:
        event = changes(session, kind="agent", subject=agents[1].id)[0]
    assert (event.before, event.after) == ({"role": "agent", "capacity": 5}, {"role": "supervisor", "capacity": 4})
    with pytest.raises(Problem) as caught:
        do(context, staff.change_agent, by=agents[2], agent=agents[2].id, profile=profile)
    assert caught.value.code == "last-administrator"


def test_a_deactivated_agent_is_out_at_once_and_their_customers_wait_for_others(context: Context, agents: list[Agent], clock: Any) -> None:
    conversation = begin(context)
    owner = next(a for a in agents if a.id == row_of(context, conversation).agent)
    if owner.role == "administrator":
        change(context, agents[0], role="administrator")
    by = next(a for a in agents if a.id != owner.id)
    change(context, by, role="administrator")
    with context.database.writing() as session:
        token = accounts.begin_session(session, owner, clock())
        staff.set_active(session, by=session.get(Agent, by.id), agent=owner.id, is_active=False, at=clock())
    with context.database.reading() as session:
        assert accounts.signed_in(session, token, clock()) is None
    assert look(context, conversation) in ("offline", "unnoticed")
    assert row_of(context, conversation).agent not in (None, owner.id)
