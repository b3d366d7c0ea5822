"""The copy of everything that is held about a person: one ZIP with JSON for programs, a page to read, and the photos."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Iterable

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session

from savoir.conversations import service as conversations
from savoir.core.personal_data import Person, Sections
from savoir.customers import service as customers
from savoir.diagnosis import service as diagnosis
from savoir.handoff import service as handoff
from savoir.knowledge import feedback
from savoir.repairs import service as repairs
from savoir.tickets import service as tickets

from . import words

ROOMS: tuple[Any, ...] = (customers, repairs, diagnosis, tickets, handoff, feedback, conversations)


@dataclass
class Copy:
    """What was gathered: sections of records, photos by name, and Rasa's memory by conversation."""

    sections: Sections
    photos: dict[str, bytes] = field(default_factory=dict)
    trackers: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """How much there is of each, for the audit."""
        found = {name: len(records) for name, records in self.sections.items()} | {"photos": len(self.photos)}
        return {name: count for name, count in found.items() if count}


def gather(session: Session, person: Person) -> Copy:
    """Everything that the rooms hold about the person; Rasa's memory is to be added (see trackers.py)."""
    sections: Sections = {}
    for room in ROOMS:
        sections |= room.personal_data.export_of(session, person)
    return Copy(sections, {f"{id}.jpg": content for id, content in conversations.personal_data.photos_of(session, person)})


def zipped(copy: Copy, *, language: str, firm: str, zone: Any, at: datetime) -> bytes:
    """The copy as a ZIP: `donnees.json` or `data.json`, `lisez-moi.html` or `read-me.html`, `photos/`, and Rasa's memory."""
    french = language == "fr"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        made = {"firm": firm, "made_at": at.isoformat(timespec="seconds"), **copy.sections}
        file.writestr("donnees.json" if french else "data.json", json.dumps(made, ensure_ascii=False, indent=2))
        file.writestr("lisez-moi.html" if french else "read-me.html", page(copy, language=language, firm=firm, zone=zone, at=at))
        if copy.trackers:
            file.writestr("assistant.json", json.dumps(copy.trackers, ensure_ascii=False, indent=1))
        for name, photo in copy.photos.items():
            file.writestr(zipfile.ZipInfo(f"photos/{name}", at.timetuple()[:6]), photo)
    return content.getvalue()


def page(copy: Copy, *, language: str, firm: str, zone: Any, at: datetime) -> str:
    """The page to read, in `fr` or `en`, without script and without anything from elsewhere."""
    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), undefined=StrictUndefined, autoescape=True)
    sections = [
        (words.label(name, language), [_entry(record, language, zone) for record in records])
        for name, records in copy.sections.items() if records
    ]
    return environment.get_template("export.html").render(
        language=language, firm=firm, made_at=words.shown("made_at", at.isoformat(), language, zone), sections=sections, photos=list(copy.photos),
        about=words.ABOUT[language], title=words.TITLE[language],
    )


def _entry(record: dict[str, Any], language: str, zone: Any) -> dict[str, Any]:
    """A record for the page: plain members as words, lists of records below them."""
    entry: dict[str, Any] = {"rows": [], "below": []}
    for name, value in record.items():
        label = words.label(name, language)
        nested: Iterable[Any] = [value] if isinstance(value, dict) else value if isinstance(value, list) else ()
        if nested and all(isinstance(part, dict) for part in nested):
            entry["below"].append((label, [_entry(part, language, zone) for part in nested]))
        else:
            entry["rows"].append((label, words.shown(name, value, language, zone)))
    return entry
