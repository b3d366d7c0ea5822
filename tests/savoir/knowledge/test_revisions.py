"""Drafts, publishing, history, going back; days of validity; two people at one article."""

from __future__ import annotations

from datetime import date
from typing import Any, Optional

import pytest

from savoir.core.database import Database
from savoir.core.errors import Problem
from savoir.knowledge import revisions, service
from savoir.knowledge.differences import side_by_side
from savoir.knowledge.keeping import Content
from tests.conftest import Clock

DAY = date(2026, 11, 24)


def said(title: str = "Le chargeur", body: str = "Il charge.", **changed: Any) -> Content:
    return Content(title, body, DAY, **changed)


def write(database: Database, what: Any, clock: Clock, *, based_on: Optional[int] = None, author: str = "Ada", **values: Any) -> int:
    with database.writing() as session:
        row = what(session, id="a", language="fr", author=author, at=clock(), based_on=based_on, **values)
        return int(row.revision)


def found(database: Database, question: str = "chargeur", on: date = DAY) -> list[str]:
    with database.reading() as session:
        return [hit.title for hit in service.search(session, question=question, language="fr", on=on).hits]


def read(database: Database, on: date = DAY) -> Optional[str]:
    with database.reading() as session:
        row = service.article(session, id="a", language="fr", on=on)
        return str(row.title) if row is not None else None


def state(database: Database) -> str:
    with database.reading() as session:
        return revisions.state_of(revisions.article_row(session, id="a", language="fr"))


def test_a_draft_is_neither_found_nor_shown_until_it_is_published(database: Database, clock: Clock) -> None:
    first = write(database, revisions.save_draft, clock, content=said())
    assert (state(database), found(database), read(database)) == ("draft", [], None)
    write(database, revisions.publish, clock, content=said(), based_on=first)
    assert (state(database), found(database), read(database)) == ("published", ["Le chargeur"], "Le chargeur")


def test_a_draft_of_a_published_article_changes_nothing_for_customers(database: Database, clock: Clock) -> None:
    first = write(database, revisions.publish, clock, content=said())
    second = write(database, revisions.save_draft, clock, content=said("Le câble"), based_on=first)
    assert (state(database), found(database)) == ("changed", ["Le chargeur"])
    with database.reading() as session:
        row = revisions.article_row(session, id="a", language="fr")
        assert revisions.newest(session, row).title == "Le câble"
        assert revisions.drafts(session) == {("a", "fr"): "Le câble"}
    write(database, revisions.publish, clock, content=said("Le câble"), based_on=second)
    assert (state(database), read(database)) == ("published", "Le câble")


def test_what_is_withdrawn_is_gone_for_customers_and_stays_for_editors(database: Database, clock: Clock) -> None:
    write(database, revisions.publish, clock, content=said())
    write(database, revisions.withdraw, clock)
    assert (state(database), found(database), read(database)) == ("withdrawn", [], None)
    with database.reading() as session:
        assert [row.title for row in revisions.every_article(session)] == ["Le chargeur"]


def test_history_says_who_when_and_what_and_an_earlier_text_comes_back_as_a_draft(database: Database, clock: Clock) -> None:
    first = write(database, revisions.publish, clock, content=said(questions=("ça ne charge pas",)))
    clock.forward(hours=1)
    second = write(database, revisions.publish, clock, content=said("Le câble"), based_on=first, author="Béa")
    write(database, revisions.restore, clock, number=first, based_on=second)
    with database.reading() as session:
        kept = revisions.history(session, id="a", language="fr")
        assert [(one.number, one.kind, one.author, one.title, one.restored_from) for one in kept] == [
            (3, "restored", "Ada", "Le chargeur", 1), (2, "published", "Béa", "Le câble", None), (1, "published", "Ada", "Le chargeur", None),
        ]
        assert kept[0].at == kept[1].at > kept[2].at
        assert kept[0].questions == ["ça ne charge pas"]
    assert (state(database), read(database)) == ("changed", "Le câble")
    with pytest.raises(Problem), database.writing() as session:
        revisions.restore(session, id="a", language="fr", number=99, author="Ada", at=clock())


def test_who_began_from_an_older_text_does_not_overwrite_a_newer_one(database: Database, clock: Clock) -> None:
    first = write(database, revisions.save_draft, clock, content=said())
    write(database, revisions.save_draft, clock, content=said("Le câble"), based_on=first, author="Béa")
    for what in (revisions.save_draft, revisions.publish):
        with pytest.raises(Problem) as refused:
            write(database, what, clock, content=said("La prise"), based_on=first)
        assert (refused.value.code, refused.value.status) == ("article-changed", 409)
    with pytest.raises(Problem) as taken:
        write(database, revisions.save_draft, clock, content=said("Un autre"))
    assert taken.value.code == "article-exists"
    with database.reading() as session:
        assert [one.title for one in revisions.history(session, id="a", language="fr")] == ["Le câble", "Le chargeur"]


def test_an_article_is_searched_and_shown_on_its_days_only(database: Database, clock: Clock) -> None:
    write(database, revisions.publish, clock, content=said(valid_from=date(2026, 12, 1), valid_until=date(2026, 12, 31)))
    for day, is_there in ((date(2026, 11, 30), False), (date(2026, 12, 1), True), (date(2026, 12, 31), True), (date(2027, 1, 1), False)):
        assert (read(database, day) is not None, bool(found(database, on=day))) == (is_there, is_there), day
        with database.reading() as session:
            assert bool(service.articles(session, on=day)) is is_there
            assert service.languages_of(session, "a", on=day) == (["fr"] if is_there else [])
            assert (service.article_answer(session, article="a", language="fr", on=day) is not None) is is_there


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (said(title=" "), "article-incomplete"), (said(body=""), "article-incomplete"), (said(title="x" * 201), "article-too-long"),
        (said(valid_from=DAY, valid_until=date(2026, 1, 1)), "validity-contradicts"),
    ],
)
def test_a_text_that_can_not_stand_is_refused_and_leaves_nothing(database: Database, clock: Clock, content: Content, code: str) -> None:
    with pytest.raises(Problem) as refused:
        write(database, revisions.publish, clock, content=content)
    assert refused.value.code == code
    with database.reading() as session:
        assert revisions.every_article(session) == []


def test_an_address_with_other_letters_is_refused(database: Database, clock: Clock) -> None:
    with pytest.raises(Problem) as refused, database.writing() as session:
        revisions.save_draft(session, id="Écran noir", language="fr", content=said(), author="Ada", at=clock())
    assert refused.value.code == "bad-article-id"


def test_an_import_is_a_revision_and_the_history_outlives_the_article(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        service.save_article(session, id="a", language="fr", title="Le chargeur", body="Il charge.", updated=DAY, at=clock())
        service.save_article(session, id="a", language="fr", title="Le chargeur", body="Il charge.", updated=DAY, at=clock())
        service.remove(session, id="a", language="fr")
        service.save_article(session, id="a", language="fr", title="Le câble", body="Il relie.", updated=DAY, published=False, at=clock())
    with database.reading() as session:
        kept = revisions.history(session, id="a", language="fr")
        assert [(one.number, one.kind, one.author) for one in kept] == [(2, "draft", "import"), (1, "imported", "import")]


def test_saving_the_same_text_again_makes_no_revision(database: Database, clock: Clock) -> None:
    first = write(database, revisions.publish, clock, content=said())
    assert write(database, revisions.publish, clock, content=said(), based_on=first) == first
    assert write(database, revisions.save_draft, clock, content=said(), based_on=first) == first


def test_differences_stand_side_by_side_with_the_changed_words_marked() -> None:
    rows = side_by_side("un\ndeux\ntrois\nquatre\ncinq\nsix", "un\ndeux\ntrois\nquatre\ncinq mille\nsix\nsept")
    assert [row.kind for row in rows] == ["gap", "same", "same", "changed", "same", "added"]
    assert rows[0].gap == 2
    assert rows[3].new is not None
    assert rows[3].new.words == [("cinq", False), (" mille", True)]
    assert rows[5].new is not None
    assert rows[5].new.number == 7
    assert side_by_side("a", "a") == []
