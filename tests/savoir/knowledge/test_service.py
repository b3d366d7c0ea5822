"""Keeping articles, and how the index in memory follows them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from savoir.core.database import Database
from savoir.core.errors import Problem
from savoir.knowledge import service
from savoir.knowledge.encoding import encoders
from savoir.knowledge.tables import Article, Passage

from .library import fill


def save(database: Database, **changed: Any) -> int:
    values = {"id": "a", "language": "fr", "title": "Le chargeur", "body": "Il charge.\n\n## Prise\n\nElle est au mur.", "updated": date(2026, 1, 2)}
    with database.writing() as session:
        return int(service.save_article(session, **{**values, **changed}).version)


def first(database: Database, question: str, language: str = "fr") -> str:
    with database.reading() as session:
        hits = service.search(session, question=question, language=language).hits
        return hits[0].article if hits else ""


def test_saving_the_same_again_changes_nothing(database: Database) -> None:
    assert save(database) == save(database)
    assert save(database, title="Le câble") > 0
    with database.reading() as session:
        assert service.article(session, id="a", language="fr").title == "Le câble"  # type: ignore[union-attr]


def test_a_version_grows_with_each_change(database: Database) -> None:
    assert save(database) < save(database, title="Le câble") < save(database, title="La prise")


def test_only_what_changed_is_encoded_again(database: Database) -> None:
    save(database, questions=["ça ne charge pas"])
    assert service.encode_missing(database) == 4
    save(database, questions=["ça ne charge pas"], body="Il charge.\n\n## Prise\n\nElle est sous la fenêtre.")
    assert service.encode_missing(database) == 1
    with database.reading() as session:
        stored = session.execute(sa.select(Passage)).scalars().all()
        assert {(p.kind == "passage", p.encoder) for p in stored} == {(True, encoders().long.name), (False, encoders().short.name)}
        assert {len(p.vector) for p in stored} == {4 * encoders().long.dimension, 4 * encoders().short.dimension}


def test_search_follows_changes_and_removals(database: Database) -> None:
    with database.writing() as session:
        fill(session)
    assert first(database, "mot de passe du wifi") == "router-password"
    with database.writing() as session:
        assert service.remove(session, id="router-password", language="fr")
        assert not service.remove(session, id="router-password", language="fr")
    assert first(database, "mot de passe du wifi") != "router-password"
    save(database, id="wifi", title="Code du Wi-Fi oublié", body="Il est sous le routeur.")
    assert first(database, "mot de passe du wifi") == "wifi"


def test_an_unpublished_article_is_neither_found_nor_shown(database: Database) -> None:
    save(database)
    assert first(database, "chargeur") == "a"
    save(database, published=False)
    assert first(database, "chargeur") == ""
    with database.reading() as session:
        assert service.article(session, id="a", language="fr") is None
        assert service.articles(session) == []


def test_a_change_that_was_rolled_back_is_not_searched(database: Database) -> None:
    save(database)
    with suppress(RuntimeError), database.writing() as session:
        service.save_article(session, id="b", language="fr", title="La montre", body="Elle donne l'heure.", updated=date(2026, 1, 2))
        assert service.search(session, question="montre", language="fr").hits[0].article == "b"
        raise RuntimeError
    save(database, id="c", title="La caméra", body="Elle filme.")
    with database.reading() as session:
        found = {hit.article for hit in service.search(session, question="montre", language="fr").hits}
    assert found == {"a", "c"}


def test_an_empty_library_answers_nothing(database: Database) -> None:
    with database.reading() as session:
        assert service.answer_question(session, question="bonjour", language="fr").kind == "none"
        assert not service.search(session, question="bonjour", language="fr").is_answerable


def test_articles_are_listed_by_title_whatever_the_accents(database: Database) -> None:
    for id, title in (("z", "Zone"), ("e", "Écran"), ("f", "Facture")):
        save(database, id=id, title=title, categories=["usage.how_to"] if id != "f" else ["billing.invoice"])
    with database.reading() as session:
        assert [row.id for row in service.articles(session, language="fr")] == ["e", "f", "z"]
        assert [row.id for row in service.articles(session, category="usage")] == ["e", "z"]
        assert [row.id for row in service.articles(session, category="usage.how")] == []


@pytest.mark.parametrize(("changed", "code"), [({"language": "de"}, "unknown-language"), ({"title": " "}, "article-incomplete"), ({"body": ""}, "article-incomplete")])
def test_an_article_without_its_parts_is_refused(database: Database, changed: dict[str, str], code: str) -> None:
    with pytest.raises(Problem) as refused:
        save(database, **changed)
    assert refused.value.code == code
    with database.reading() as session:
        assert session.execute(sa.select(Article)).first() is None
