"""What ails the articles themselves, and that an editor's decision about it stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from savoir.core.database import Database
from savoir.core.errors import Problem
from savoir.knowledge import feedback, gaps, service
from savoir.knowledge import gaps_of_articles as ailing
from savoir.knowledge.tables import Article

from .library import ARTICLES, fill
from .test_feedback import AT, ask, choices, direct

ON = date(2026, 11, 24)
LATER = AT + timedelta(days=120)


@pytest.fixture
def shelf(database: Database) -> Database:
    with database.writing() as session:
        fill(session)
    service.encode_missing(database)
    return database


def ids(found: list[ailing.Finding]) -> list[str]:
    return [finding.subject for finding in found]


def test_what_no_question_found_is_told_with_the_open_questions_close_to_it(shelf: Database) -> None:
    with shelf.reading() as session:
        assert ailing.never_found(session, at=AT) == [], "without a question it says nothing"
    ask(shelf, "a", "mon argent ?", direct("refund-delays"))
    ask(shelf, "b", "rien ne charge", choices("phone-not-charging", "return-product"))
    close = ask(shelf, "c", "mon téléviseur n'a plus aucun son")
    with shelf.writing() as session:
        found = {finding.subject: finding for finding in ailing.never_found(session, at=AT)}
        assert sorted(found) == ["camera-underwater/en", "router-password/fr", "tv-no-sound/fr"]
        assert [row.id for row in found["tv-no-sound/fr"].questions] == [close]
        ailing.decide(session, kind="unfound", subject="tv-no-sound/fr", decision="dismissed", agent="Claire", at=AT)
        assert "tv-no-sound/fr" not in ids(ailing.never_found(session, at=AT))
        assert ailing.never_found(session, at=LATER) == [], "what was asked long ago does not count"


def test_what_did_not_help_is_told_until_each_refusal_is_dealt_with(shelf: Database) -> None:
    for key, helped in (("a", False), ("b", True), ("c", None)):
        ask(shelf, key, f"mon argent {key} ?", direct("refund-delays"), conversation=key)
        if helped is not None:
            with shelf.writing() as session:
                feedback.answered(session, conversation=key, helped=helped)
    with shelf.writing() as session:
        (finding,) = ailing.not_helpful(session, at=AT)
        assert (finding.article.id, finding.number, finding.shown, finding.helped) == ("refund-delays", 1, 3, 1)
        gaps.dismiss(session, questions=[int(row.id) for row in finding.questions], agent="Claire", at=AT)
        assert ailing.not_helpful(session, at=AT) == []


def test_articles_that_say_nearly_the_same_are_told_as_a_pair(shelf: Database) -> None:
    with shelf.reading() as session:
        assert ailing.near_duplicates(session) == []
    title, body, *_ = ARTICLES["phone-not-charging", "fr"]
    with shelf.writing() as session:
        service.save_article(session, id="phone-charge", language="fr", title=f"{title} du tout", body=body, updated=ON)
    service.encode_missing(shelf)
    with shelf.writing() as session:
        (pair,) = ailing.near_duplicates(session)
        assert pair.subject == "phone-charge+phone-not-charging/fr"
        ailing.decide(session, kind="duplicate", subject=pair.subject, decision="dismissed", agent="Claire", at=AT)
        assert ailing.near_duplicates(session) == []


def test_an_article_is_out_of_date_until_somebody_says_that_it_is_right(shelf: Database) -> None:
    a_year_on = date(2027, 5, 4)
    with shelf.writing() as session:
        assert ailing.out_of_date(session, at=AT, on=ON) == []
        assert len(ailing.out_of_date(session, at=AT, on=a_year_on)) == len(ARTICLES)
        ailing.still_right(session, article="tv-no-sound", language="fr", agent="Claire", at=AT, on=a_year_on)
        assert "tv-no-sound/fr" not in ids(ailing.out_of_date(session, at=AT, on=a_year_on))
        assert session.get(Article, ("tv-no-sound", "fr")).updated == a_year_on  # type: ignore[union-attr]
        with pytest.raises(Problem, match="no published article"):
            ailing.still_right(session, article="nothing", language="fr", agent="Claire", at=AT, on=ON)


def test_the_last_day_of_an_article_is_told_before_it_comes(shelf: Database) -> None:
    with shelf.writing() as session:
        service.save_article(
            session, id="offre", language="fr", title="Offre de reprise", body="Jusqu'au 10 décembre.", updated=ON, valid_until=date(2026, 12, 10)
        )
        (finding,) = ailing.out_of_date(session, at=AT, on=ON)
        assert (finding.article.id, finding.last_day) == ("offre", date(2026, 12, 10))
        assert ailing.out_of_date(session, at=AT, on=date(2026, 11, 1)) == []


def test_what_a_language_lacks_is_told_with_those_who_asked_in_it(shelf: Database) -> None:
    asked = ask(shelf, "a", "plonger avec la caméra ?", direct("camera-underwater"))
    ask(shelf, "b", "can I dive?", direct("camera-underwater"), conversation="d", language="en")
    with shelf.reading() as session:
        found = ailing.untranslated(session, at=AT)
        assert ids(found) == ["camera-underwater/fr", "refund-delays/en", "router-password/en", "tv-no-sound/en"]
        assert ([row.id for row in found[0].questions], found[0].number) == ([asked], 1)
