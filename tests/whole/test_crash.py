"""Whatever is killed: every message answered or handed to people, nothing twice, order kept."""

from __future__ import annotations

import asyncio
import csv
import random
import time
from pathlib import Path
from typing import Iterator

import aiohttp
import pytest

from savoir.conversations.tables import Message, Turn
from savoir.core.settings import PROJECT
from savoir.tickets.tables import Ticket
from tests.conftest import missing
from tests.house import House
from tests.services import postgres
from tests.whole.customers import Customer

CONVERSATIONS = 100
SCRIPT = (
    "bonjour", "où est ma commande ?", "{number}", "{postal_code}", "comment appairer mon casque murmure anc ?", "je voudrais ouvrir un dossier",
    "merci", "que pouvez-vous faire ?",
)
KILLED = ("rasa", "actions", "desk", "desk", "actions", "rasa", "desk")

pytestmark = [pytest.mark.timeout(900)]


@pytest.fixture(params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    urls: list[str] = []
    if request.param == "postgres":
        if postgres.server() is None:
            missing(postgres.why_not())
        urls = [postgres.new_database(), postgres.new_database()]
    house = House(tmp_path / "house", *urls)
    try:
        yield house.start()
    finally:
        house.stop()
        for url in urls:
            postgres.drop_database(url)


def orders() -> list[dict[str, str]]:
    """An order of each of a hundred customers: their tickets are their own."""
    with open(PROJECT / "data" / "demo" / "orders.csv", encoding="utf-8", newline="") as file:
        of_customers = {row["customer"]: row for row in csv.DictReader(file) if row["country"] == "FR"}
    return list(of_customers.values())[:CONVERSATIONS]


async def talk(http: aiohttp.ClientSession, house: House, number: int, order: dict[str, str], lead: random.Random) -> Customer:
    customer = Customer(http, house.address)
    await asyncio.sleep(lead.uniform(0, 20))
    await customer.begin()
    for turn, text in enumerate(SCRIPT):
        seq = await customer.write(text.format(**order), f"{number}-{turn}")
        assert await customer.wait_for_answer(seq), f"conversation {number}, turn {turn} was never answered"
    return customer


async def destroy(house: House, chance: random.Random, done: asyncio.Event) -> list[str]:
    """Kills processes at random moments until the conversations have ended or all have died as often as listed."""
    killed = []
    for name in KILLED:
        try:
            await asyncio.wait_for(done.wait(), chance.uniform(1.5, 6))
            break
        except asyncio.TimeoutError:
            pass
        if house.kill(name):
            killed.append(name)
    return killed


async def live_through(house: House) -> tuple[list[Customer], list[str]]:
    chance, done = random.Random(7), asyncio.Event()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15), connector=aiohttp.TCPConnector(limit=0)) as http:
        destruction = asyncio.create_task(destroy(house, chance, done))
        customers = await asyncio.gather(*(talk(http, house, n, order, chance) for n, order in enumerate(orders())))
        done.set()
        return list(customers), await destruction


def test_a_hundred_conversations_survive_the_death_of_every_process(house: House) -> None:
    began = time.monotonic()
    customers, killed = asyncio.run(live_through(house))
    print(f"\n{CONVERSATIONS} conversations of {len(SCRIPT)} turns in {time.monotonic() - began:.0f} s; killed: {', '.join(killed)}")
    assert set(killed) == {"rasa", "actions", "desk"}, "the test must have killed each of them"
    to_people = 0
    for number, customer in enumerate(customers):
        own = [m for m in customer.messages if m["author"] == "customer"]
        assert [m["id"] for m in own] == [f"{number}-{turn}" for turn in range(len(SCRIPT))], "each message once, in the order sent"
        assert [m["seq"] for m in customer.messages] == list(range(1, len(customer.messages) + 1)), "no gap, nothing out of order"
        to_people += customer.state != "bot"
    with house.context.database.reading() as session:
        for conversation, seq in session.query(Turn.conversation, Turn.seq).filter(Turn.state == "done"):
            replies = session.query(Message).filter(Message.conversation == conversation, Message.client_id.like(f"turn:{seq}:%")).count()
            assert replies >= 1, "a turn that is done has said something"
        assert session.query(Turn).filter(Turn.state.in_(("pending", "running"))).count() == 0, "no turn is left over"
        tickets: dict[str, int] = {}
        for (conversation,) in session.query(Ticket.conversation):
            tickets[conversation] = tickets.get(conversation, 0) + 1
    assert all(count == 1 for count in tickets.values()), "a repeated turn opens no second ticket"
    answered_by_assistant = CONVERSATIONS - to_people
    assert len(tickets) >= answered_by_assistant * 0.9, "and the first one is not lost"
    print(f"handed to people: {to_people}; tickets: {len(tickets)}")
