"""The hand-over package: what an agent knows when they open a conversation, in their language. Extractive: nothing is made up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Callable, Optional, Sequence

from babel.dates import format_date
from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.conversations.tables import Conversation, Message
from savoir.core.text import fold
from savoir.customers import service as customers
from savoir.tickets import service as tickets
from savoir.triage import service as triage

from .desk_tables import HandoverFacts
from .package_facts import given, matter_of, tried_in, typed, wanted_in
from .package_words import BECAUSE, MOODS, NEXT, TYPES, WORDS, quote, say

KNOWN = (
    "intent", "order_number", "ticket_number", "repair_number", "email", "phone", "product_type", "product_model", "symptom", "damage", "description",
    "delivery_problem", "return_reason", "wanted_model", "payment_problem", "amount", "fault_words", "problem_details", "vulnerable", "diagnosis", "diagnosis_end",
)
"""What the assistant hands over, where it knows it. `diagnosis` is `{"fr": …, "en": …}`, one line each answer and attempt."""
LOOKED_AT = 400
"""Messages from the end of the log that are looked at."""
NEEDS_IDENTITY = ("order", "billing", "repair", "account")
MOST_TRIED = 6


@dataclass(frozen=True)
class Judged:
    """One thing that was told of the conversation: a code, its words, and why."""

    code: str
    words: str
    because: str


@dataclass(frozen=True)
class Package:
    """What stands at the top of the context pane. Texts are in the agent's language, quotes in the customer's."""

    reason: Optional[str]
    who: str
    what: str
    product: str
    tried: tuple[str, ...]
    wanted: str
    mood: str
    extracted: tuple[tuple[str, str], ...]
    category: Judged
    urgency: Judged
    device: Judged
    sentiment: Judged
    next_action: str
    question: str = ""
    """What the customer asked last, for search: their own words."""
    seq: int = 0
    """The place of the customer's last message."""
    texts: tuple[str, ...] = field(default=(), repr=False)


Effect = Callable[[Session, Conversation, dict[str, Any], datetime], None]


def with_facts(hand_over: Effect) -> Effect:
    """The effect `hand_over`, which also keeps what the assistant knows (`effect["known"]`)."""

    def done(session: Session, row: Conversation, effect: dict[str, Any], at: datetime) -> None:
        keep(session, row, effect.get("known") or {}, at)
        hand_over(session, row, effect, at)

    return done


def keep(session: Session, row: Conversation, known: dict[str, Any], at: datetime) -> None:
    """Keeps what the assistant knew, in the place of what it knew before."""
    facts = session.get(HandoverFacts, row.id) or HandoverFacts(conversation=row.id)
    facts.known = {name: _bounded(known[name]) for name in KNOWN if known.get(name) not in (None, "", [], {})}
    facts.at = at
    session.add(facts)
    session.flush()


def build(session: Session, row: Conversation, *, language: str, at: datetime) -> Package:
    """The package of a conversation as it stands now."""
    messages = conversations.read(session, str(row.id), after=max(0, int(row.last_seq) - LOOKED_AT))
    facts = session.get(HandoverFacts, row.id)
    known: dict[str, Any] = dict(facts.known) if facts is not None else {}
    own = typed(messages)
    texts = [str(m.text) for m in own]
    customer = customers.customer_by_id(session, str(row.customer)) if row.customer else None
    opened = tickets.of_conversation(session, str(row.id))
    model, device = _device(session, customer, known, texts, language)
    cover = _cover(session, customer, model, at, language)
    mood_code, sentiment, anger = _mood(texts, str(row.language), language)
    is_vulnerable = bool(known.get("vulnerable"))
    category = _category(row, known, opened, language)
    urgency = _urgency(row, category.code, anger, is_vulnerable, language)
    wants = wanted_in(texts)
    wanted = wants[0] if wants else ""
    told = str(known.get("description") or known.get("fault_words") or "")
    matter = told or (wanted if category.code.startswith("usage.") else "") or matter_of(texts)
    extracted = _extracted(known, texts, messages, language)
    return Package(
        reason=str(row.reason) if row.reason else None,
        who=_who(customer, extracted, language),
        what=f"{category.words}{' : ' if language == 'fr' else ': '}{quote(matter, language)}" if matter else
        (category.words if category.code != "general.other" else say(WORDS, "nothing_said", language)),
        product=" · ".join(part for part in (device.words, cover) if part),
        tried=_tried(known, texts, messages, opened, language),
        wanted=" · ".join(quote(text, language) for text in reversed(wants)),
        mood=say(MOODS, mood_code, language),
        extracted=extracted, category=category, urgency=urgency, device=device, sentiment=sentiment,
        next_action=_next(session, row, customer, category.code, known, opened, matter, wanted, cover, anger, language),
        question=wanted or matter, seq=int(own[-1].seq) if own else 0, texts=tuple(texts),
    )


def _who(customer: Any, extracted: Sequence[tuple[str, str]], language: str) -> str:
    if customer is not None:
        return f"{customer.first_name} {customer.last_name}, {say(WORDS, 'verified', language)}"
    address = next((value for kind, value in extracted if kind == "email"), "")
    who = say(WORDS, "unknown", language) + ", " + say(WORDS, "unverified", language)
    return f"{who} ({say(WORDS, 'wrote_as', language, value=address)})" if address else who


def _device(session: Session, customer: Any, known: dict[str, Any], texts: Sequence[str], language: str) -> tuple[Optional[str], Judged]:
    """The model's id, if it is known, and what people call the device."""
    catalogue = customers.catalogue(session)
    named = fold(str(known.get("product_model") or ""))
    model = next((p for p in catalogue if named and named in (fold(str(p.id)), fold(str(p.name)))), None)
    because = "understood"
    if model is None and texts:
        said, because = f" {fold(' '.join(texts))} ", "model"
        found = [p for p in catalogue if any(f" {fold(name)}" in said for name in (str(p.name), *(p.aliases or ())) if len(name) > 3)]
        model = max(found, key=lambda p: len(str(p.name)), default=None)
    if model is None and customer is not None and not known.get("product_type"):
        owned = customers.products_of(session, str(customer.id))
        if len(owned) == 1:
            model, because = owned[0][1], "device"
    if model is not None:
        return str(model.id), Judged(str(model.type), str(model.name), say(BECAUSE, because, language))
    kind = str(known.get("product_type") or "")
    return None, Judged(kind, say(TYPES, kind, language) if kind in TYPES else "", say(BECAUSE, "understood" if kind else "nothing", language))


def _cover(session: Session, customer: Any, model: Optional[str], at: datetime, language: str) -> str:
    """Until when the customer's own device of that model is covered; empty where they have none."""
    if customer is None or model is None:
        return ""
    for owned, product in customers.products_of(session, str(customer.id)):
        if product.id == model:
            found = customers.warranty_of(session, device=owned, at=at)
            if isinstance(found, customers.Warranty):
                day = format_date(found.ends_on, "d MMMM y", locale="fr_FR" if language == "fr" else "en_GB")
                return say(WORDS, "covered" if found.covered else "not_covered", language, value=day)
    return ""


def _mood(texts: Sequence[str], spoken: str, language: str) -> tuple[str, Judged, bool]:
    moods = [triage.mood_of(text, spoken) for text in texts[-12:]]
    worst = min((m.score for m in moods), default=0.0)
    best = moods[-1].score if moods else 0.0
    anger = any(m.anger for m in moods)
    code = (
        "insult" if any(m.insult for m in moods) else "angry" if anger else "distress" if any(m.distress for m in moods)
        else "vulnerable" if any(m.vulnerable for m in moods) else "annoyed" if worst < -0.3 else "pleased" if best > 0.3 else "calm"
    )
    sentiment = "negative" if code in ("insult", "angry", "distress", "annoyed") else "positive" if code == "pleased" else "neutral"
    return code, Judged(sentiment, sentiment, say(BECAUSE, "words", language)), anger


def _category(row: Conversation, known: dict[str, Any], opened: Sequence[Any], language: str) -> Judged:
    by_reason = {"safety": "safety.danger", "fraud": "fraud.report", "complaint": "feedback.complaint"}.get(str(row.reason))
    intent, symptom = known.get("intent"), known.get("symptom")
    if by_reason:
        code, because = by_reason, say(BECAUSE, "reason", language)
    elif intent or symptom:
        code = tickets.category_of(intent, symptom)
        because = say(BECAUSE, "symptom" if symptom and intent in (None, "report_fault") else "understood", language)
    elif opened:
        code, because = str(opened[0].category), say(BECAUSE, "ticket", language, value=opened[0].number)
    else:
        code, because = "general.other", say(BECAUSE, "nothing", language)
    return Judged(code, tickets.category_name(code, language), because)


def _urgency(row: Conversation, category: str, anger: bool, is_vulnerable: bool, language: str) -> Judged:
    code = "p1" if row.reason in conversations.URGENT else tickets.urgency_of(category, is_upset=anger, is_vulnerable=is_vulnerable)
    plain = tickets.urgency_of(category)
    because = "danger" if code == "p1" else "own" if code == plain else "vulnerable" if is_vulnerable else "upset"
    return Judged(code, code, say(BECAUSE, because, language))


def _extracted(known: dict[str, Any], texts: Sequence[str], messages: Sequence[Message], language: str) -> tuple[tuple[str, str], ...]:
    """What was given, by kind: what the assistant kept first, then what stands in the transcript."""
    kinds = {"order": "order_number", "ticket": "ticket_number", "repair": "repair_number", "email": "email", "phone": "phone"}
    kept = [(kind, str(known[name])) for kind, name in kinds.items() if known.get(name)]
    photos = sum(len(m.attachments or ()) for m in messages if m.author == "customer")
    sent = [("photos", say(WORDS, "photos_one" if photos == 1 else "photos", language, value=str(photos)))] if photos else []
    return tuple(dict.fromkeys([*kept, *given(texts), *sent]))


def _tried(
    known: dict[str, Any], texts: Sequence[str], messages: Sequence[Message], opened: Sequence[Any], language: str
) -> tuple[str, ...]:
    diagnosis = known.get("diagnosis") or {}
    steps = [line.lstrip("- ") for line in str(diagnosis.get(language, "")).splitlines()] if isinstance(diagnosis, dict) else []
    offered = [
        say(WORDS, "article", language, value=str(card.get("title") or card.get("link_label")))
        for m in messages if m.author == "assistant" for card in m.cards or ()
        if isinstance(card, dict) and "/help/" in str(card.get("url", "")) and (card.get("title") or card.get("link_label"))
    ]
    filed = [say(WORDS, "ticket", language, value=ticket.number) for ticket in opened]
    said = [quote(text, language) for text in tried_in(texts)]
    return tuple(dict.fromkeys([*steps, *said, *offered[-2:], *filed]))[:MOST_TRIED]


def _next(
    session: Session, row: Conversation, customer: Any, category: str, known: dict[str, Any], opened: Sequence[Any], matter: str, wanted: str,
    cover: str, anger: bool, language: str,
) -> str:
    if row.reason in ("safety", "fraud"):
        return say(NEXT, str(row.reason), language)
    goodwill = say(NEXT, "goodwill", language) if anger else ""
    current = next((ticket for ticket in opened if ticket.state in tickets.OPEN), None)
    if row.reason == "complaint":
        return say(NEXT, "complaint", language, ticket=say(NEXT, "ticket", language, ticket=current.number) if current else "").strip()
    if customer is None and category.split(".")[0] in NEEDS_IDENTITY:
        return goodwill + say(NEXT, "identify", language)
    if known.get("diagnosis") and known.get("diagnosis_end") in ("repair", "part", "spare_part", "ticket"):
        return goodwill + say(NEXT, "repair", language, cover=f"({cover})" if cover else "").strip()
    if customer is not None and category.startswith("order."):
        late = next((o for o in customers.orders_of(session, str(customer.id))[:10] if o.status in ("delayed", "lost")), None)
        if late is not None:
            return goodwill + say(NEXT, "late_order", language, order=str(late.number))
    if current is not None:
        return goodwill + say(NEXT, "ticket", language, ticket=current.number)
    about = wanted or matter
    return goodwill + (say(NEXT, "answer", language, wanted=about) if about else say(NEXT, "ask", language))


def _bounded(value: Any) -> Any:
    """A value as it is kept: texts of at most 2,000 characters."""
    if isinstance(value, str):
        return value[:2000]
    if isinstance(value, dict):
        return {str(name)[:40]: str(text)[:2000] for name, text in list(value.items())[:10]}
    return value if isinstance(value, (bool, int, float)) else str(value)[:2000]
