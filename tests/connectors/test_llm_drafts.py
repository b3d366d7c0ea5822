"""Drafts of articles from solved requests, in a language model's words: checked, and nobody in them."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone
from typing import Any, Iterator

import pytest

from connectors.llm import LanguageModel
from savoir.core.settings import Settings
from savoir.knowledge.drafts import Said, SolvedCase, draft_of_case
from savoir.knowledge.redrafting import Redrafted, improved, redrafted
from savoir.knowledge.rewriting import NotWritten
from tests.connectors.chat_server import ChatServer

TITLE = "Mon casque Murmure ne s'associe plus"
TEXTS = [
    "Le casque Murmure ne s'associe plus au téléphone après une mise à jour. Ce qui a aidé : supprimez « Murmure » de la liste Bluetooth, puis maintenez les deux touches 10 secondes.",
    "Bonjour, je suis Nadia Lambert, nadia.lambert@example.org, 06 12 34 56 78. Mon casque Murmure refuse l'association depuis la mise à jour, commande CMD-104233.",
    "Supprimez Murmure de la liste Bluetooth du téléphone. Refaites ensuite l'association.",
]


@pytest.fixture
def server() -> Iterator[ChatServer]:
    made = ChatServer()
    yield made
    made.stop()


def draft(server: ChatServer, settings: Settings, text: str) -> Redrafted:
    server.answer = text
    writer = LanguageModel(settings.copy(update={"llm_url": server.url, "llm_model": "test"}))

    async def work() -> Redrafted:
        try:
            return await redrafted(TITLE, TEXTS, "fr", writer, known=["Nadia", "Lambert"])
        finally:
            await writer.close()

    return asyncio.run(work())


def test_a_draft_is_made_of_what_was_said(server: ChatServer, settings: Settings) -> None:
    made = draft(
        server, settings,
        "Le casque Murmure ne s'associe plus\n\nLe casque Murmure ne s'associe plus au téléphone après une mise à jour.\n\n"
        "1. Supprimez « Murmure » de la liste Bluetooth.\n2. Maintenez les deux touches 10 secondes.\n3. Refaites ensuite l'association.",
    )
    assert made.title == "Le casque Murmure ne s'associe plus"
    assert made.body.splitlines()[-1] == "3. Refaites ensuite l'association."
    for secret in ("nadia", "lambert", "example.org", "56 78", "104233"):
        assert secret not in server.bodies[0].lower()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Le casque Murmure\n\nMaintenez les deux touches 30 secondes.", "doubted: number"),
        ("Le casque Murmure\n\nSupprimez Murmure de la liste Bluetooth. Retirez la batterie.", "doubted: word"),
        ("Remboursement du casque Murmure\n\nRefaites ensuite l'association.", "doubted: title"),
        ("Le casque Murmure\n\n<NAME_1> refuse l'association.", "personal"),
        ("Le casque de <CUSTOMER_1>\n\nRefaites ensuite l'association.", "personal"),
        ("SANS_REPONSE", "refused"),
        ("Un titre seulement", "malformed"),
        ("Le casque Murmure\n\nVoyez https://mechant.example.", "malformed"),
    ],
)
def test_what_was_not_said_makes_no_draft(server: ChatServer, settings: Settings, text: str, reason: str) -> None:
    with pytest.raises(NotWritten) as caught:
        draft(server, settings, text)
    assert str(caught.value) == reason


CASE = SolvedCase(
    number="SAV-000042", language="fr", subject="Casque Murmure qui ne s'associe plus", problem=TEXTS[1],
    said=(Said("Bonjour Nadia. Supprimez « Murmure » de la liste Bluetooth, puis maintenez les deux touches 10 secondes."), Said("Refaites ensuite l'association.")),
    category="hardware.connectivity", product="murmure-anc", product_name="Murmure ANC", known=("Nadia", "Lambert"),
)


@pytest.mark.parametrize(("text", "is_taken"), [
    ("Le casque Murmure ne s'associe plus\n\n1. Supprimez « Murmure » de la liste Bluetooth.\n2. Maintenez les deux touches 10 secondes.", True),
    ("Le casque Murmure ne s'associe plus\n\n1. Supprimez « Murmure » de la liste Bluetooth.\n2. Maintenez les deux touches 20 secondes.", False),
    ("Le casque de Nadia\n\nSupprimez « Murmure » de la liste Bluetooth.", False),
])
def test_the_draft_of_a_case_is_bettered_or_left_as_it_is(server: ChatServer, settings: Settings, text: str, is_taken: bool) -> None:
    server.answer = text
    plain = draft_of_case(CASE, datetime(2026, 11, 24, tzinfo=timezone.utc))
    writer: Any = LanguageModel(settings.copy(update={"llm_url": server.url, "llm_model": "test"}))
    made = asyncio.run(improved(plain, CASE, writer))
    assert "nadia" not in server.bodies[0].lower()
    assert (made != plain) is is_taken
    if is_taken:
        assert made.title == "Le casque Murmure ne s'associe plus"
        assert made.body.startswith("1. Supprimez") and "## Produit concerné" in made.body
