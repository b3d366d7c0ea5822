"""What was understood of a conversation, as agents see and correct it: the package's judgement, with what they put right on top."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from savoir.conversations.tables import Conversation
from savoir.customers import service as customers
from savoir.handoff import package
from savoir.handoff.package import Judged, Package
from savoir.handoff.package_words import BECAUSE, TYPES, say
from savoir.learning import corrections
from savoir.tickets.service import CATEGORIES, category_name

from .labels import LABELS
from .language import Words
from .lists import agent_names


@dataclass(frozen=True)
class Field:
    """One thing that can be corrected: what stands, why, and what else it could be, in groups `(title, [(code, words)])`."""

    name: str
    code: str
    because: str
    is_corrected: bool
    groups: list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True)
class Understood:
    """The package, its fields, and the answers of the assistant that were marked wrong, by their place in the log."""

    package: Package
    fields: list[Field]
    wrong: dict[int, str]


def read_understood(session: Session, row: Conversation, speech: Words, at: object) -> Understood:
    """What was understood, in the agent's language."""
    language = speech.language
    made = package.build(session, row, language=language, at=at)  # type: ignore[arg-type]
    known = corrections.corrections_of(session, str(row.id))
    names = agent_names(session)
    judged = {
        "category": made.category, "urgency": made.urgency, "product": made.device, "language": Judged(str(row.language), "", ""),
        "sentiment": made.sentiment,
    }
    right = {str(c.field): c for c in known if not c.seq}
    fields = []
    for name, one in judged.items():
        correction = right.get(name)
        because = say(BECAUSE, "corrected", language, value=names.get(str(correction.agent), "?")) if correction else one.because
        code = str(correction.corrected) if correction else _product_code(session, one) if name == "product" else one.code
        fields.append(Field(name, code, because, correction is not None, _choices(session, name, speech)))
    return Understood(made, fields, {int(c.seq): str(c.corrected) for c in known if c.seq})


def assumed_of(session: Session, row: Conversation, field: str, language: str, at: object) -> str:
    """What stands for a field before anybody corrects it."""
    made = package.build(session, row, language=language, at=at)  # type: ignore[arg-type]
    return {
        "category": made.category.code, "urgency": made.urgency.code, "product": _product_code(session, made.device), "language": str(row.language),
        "sentiment": made.sentiment.code,
    }.get(field, "")


def _product_code(session: Session, device: Judged) -> str:
    """The model's id, where the words name one, else the type."""
    model = next((p for p in customers.catalogue(session) if str(p.name) == device.words), None)
    return str(model.id) if model else device.code


def _choices(session: Session, name: str, speech: Words) -> list[tuple[str, list[tuple[str, str]]]]:
    language = speech.language
    place = 0 if language == "fr" else 1
    if name == "category":
        return [("", [(code, category_name(code, language)) for code in CATEGORIES])]
    if name == "product":
        types = [(code, names[place]) for code, names in TYPES.items()]
        models = [(str(p.id), str(p.name)) for p in customers.catalogue(session)]
        return [("types", types), ("models", models)]
    return [("", [(code, speech.gettext(LABELS[name][code])) for code in corrections.CHOICES[name]])]
