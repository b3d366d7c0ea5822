"""The topics of the help centre: families of products first, then what is about orders, repairs and accounts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import AbstractSet, Any, Mapping, Sequence


@dataclass(frozen=True)
class Topic:
    """A topic: its name in each language, and the product types or the categories that belong to it."""

    id: str
    fr: str
    en: str
    types: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """What it is called."""
        return self.fr if language == "fr" else self.en


TOPICS = (
    Topic("phones", "Téléphones et tablettes", "Phones and tablets", types=("smartphone", "tablet")),
    Topic("laptops", "Ordinateurs portables", "Laptops", types=("laptop",)),
    Topic("televisions", "Téléviseurs", "Televisions", types=("television",)),
    Topic("sound", "Casques et enceintes", "Headphones and speakers", types=("headphones", "speaker")),
    Topic("routers", "Wi-Fi et routeurs", "Wi-Fi and routers", types=("router",)),
    Topic("watches", "Montres", "Watches", types=("smartwatch",)),
    Topic("cameras", "Caméras", "Cameras", types=("camera",)),
    Topic("consoles", "Consoles de jeu", "Games consoles", types=("console",)),
    Topic("accessories", "Chargeurs et accessoires", "Chargers and accessories", types=("accessory",)),
    Topic("orders", "Commande et livraison", "Orders and delivery", categories=("order.tracking", "order.delivery", "order.cancellation")),
    Topic("returns", "Retour et remboursement", "Returns and refunds", categories=("order.return", "order.exchange", "order.refund")),
    Topic("repairs", "Garantie et réparation", "Warranty and repair", categories=("repair.",)),
    Topic("account", "Compte et paiement", "Account and payment", categories=("account.", "billing.", "general.", "feedback.", "privacy.")),
)
POPULAR = ("order.delivery", "order.refund", "hardware.battery", "repair.warranty", "order.return", "hardware.connectivity", "account.login", "hardware.screen")
"""What customers ask about most: one article of each is shown on the first page."""


def topic_by_id(id: str) -> Any:
    """The topic, or None."""
    return next((topic for topic in TOPICS if topic.id == id), None)


def topics_of(article: Any, types: Mapping[str, str]) -> list[Topic]:
    """The topics of an article; `types` gives the type of each model of the catalogue."""
    mine = {types[product] for product in article.products if product in types}
    found = [topic for topic in TOPICS if mine & set(topic.types)]
    # An article about phones that names their charger is found under phones.
    if len(mine) > 1 and any(topic.id == "accessories" for topic in found) and article.products and types.get(article.products[0]) != "accessory":
        found = [topic for topic in found if topic.id != "accessories"]
    if not article.products:
        found += [topic for topic in TOPICS if any(c.startswith(start) for c in article.categories for start in topic.categories)]
    return found


def popular(articles: Sequence[Any], translated: AbstractSet[str], most: int = 6) -> list[Any]:
    """One article of each of the categories asked about most: about no single product if there is one, in both languages if there is
    one (ids in `translated`), and most pointed to by others."""
    pointed = Counter(target for a in articles for target in set(re.findall(r"\]\(article:([a-z0-9-]+)\)", a.body)))
    chosen: list[Any] = []
    for category in POPULAR:
        fitting = [a for a in articles if a.categories and a.categories[0] == category and a not in chosen]
        fitting.sort(key=lambda a: (bool(a.products), a.id not in translated, -pointed[a.id], a.id))
        chosen += fitting[:1]
    return chosen[:most]
