"""What is kept of a question, and what becomes of it by choices, opinions and agents' picks."""

from __future__ import annotations

from datetime import datetime, timezone

from savoir.core.database import Database
from savoir.core.personal_data import Person
from savoir.customers.tables import Customer
from savoir.knowledge import feedback, gaps, service
from savoir.knowledge.answer import Answer, Hit
from savoir.knowledge.feedback_tables import AskedQuestion, OfferedArticle

from .library import fill

AT = datetime(2026, 11, 24, 10, 0, tzinfo=timezone.utc)
NONE = Answer("none", None, "", (), "fr")


def hit(article: str, language: str = "fr") -> Hit:
    return Hit(article, language, "", "", 0.5, 0.5)


def choices(*articles: str) -> Answer:
    return Answer("choices", None, "", tuple(hit(article) for article in articles), "fr")


def direct(article: str) -> Answer:
    return Answer("direct", hit(article), "", (), "fr", 0.9)


def ask(database: Database, key: str, question: str, answer: Answer = NONE, conversation: str = "c", language: str = "fr") -> int:
    with database.writing() as session:
        row = feedback.asked(session, key=key, question=question, language=language, answer=answer, at=AT, conversation=conversation)
        assert row is not None
        return int(row.id)


def kept(database: Database, id: int) -> AskedQuestion:
    with database.reading() as session:
        row = session.get(AskedQuestion, id)
        assert row is not None
        return row


def test_a_question_is_kept_once_with_what_was_offered_for_it(database: Database) -> None:
    first = ask(database, "k", "quel  chargeur\npour mon Nova 6 ?", choices("nova-6-charger", "nova-6"))
    assert ask(database, "k", "autre chose") == first
    assert (kept(database, first).question, kept(database, first).outcome) == ("quel chargeur pour mon Nova 6 ?", "choices")
    with database.reading() as session:
        assert [offer.article for offer in feedback.offers(session, [first])[first]] == ["nova-6-charger", "nova-6"]


def test_a_question_without_words_is_not_kept(database: Database) -> None:
    with database.writing() as session:
        assert feedback.asked(session, key="k", question=" \n ", language="fr", answer=NONE, at=AT) is None


def test_what_names_or_reaches_somebody_is_not_kept(database: Database) -> None:
    with database.writing() as session:
        session.add(Customer(id="C-1", first_name="Camille", last_name="Rousseau", email="camille@example.org", language="fr", created_at=AT))
        session.flush()
        row = feedback.asked(
            session, key="k", question="Rousseau ici, CMD-104233, 06 39 98 00 01 : où est la prise ?", language="fr", answer=NONE, at=AT, customer="C-1"
        )
        assert row is not None
        assert row.question == "[nom] ici, [n°], [tel] : où est la prise ?"


def test_a_choice_and_an_opinion_belong_to_the_last_question_of_the_conversation(database: Database) -> None:
    before, other = ask(database, "a", "une question", choices("x", "y")), ask(database, "b", "ailleurs", choices("x"), conversation="d")
    last = ask(database, "c", "une autre question", choices("x", "y"))
    with database.writing() as session:
        assert feedback.chosen(session, conversation="c", article="z") is None, "it was not offered"
        assert feedback.chosen(session, conversation="c", article="y") is not None
        assert feedback.answered(session, conversation="c", helped=True) is not None
        assert feedback.answered(session, conversation="unknown", helped=True) is None
    assert (kept(database, last).chosen, kept(database, last).helped) == ("y", True)
    assert (kept(database, before).chosen, kept(database, other).helped) == (None, None)


def test_an_agents_pick_answers_the_question_that_was_kept_or_is_kept_itself(database: Database) -> None:
    with database.writing() as session:
        fill(session)
    asked = ask(database, "a", "pourquoi rien ne charge, camille@example.org ?")
    pick = {"language": "fr", "article": "phone-not-charging", "agent": "claire", "conversation": "c", "at": AT}
    with database.writing() as session:
        row = feedback.picked(session, key="p", question="pourquoi rien ne charge, camille@example.org ?", **pick)  # type: ignore[arg-type]
        assert row is not None and row.id == asked
        feedback.picked(session, key="q", question="le câble est-il mort ?", **pick)  # type: ignore[arg-type]
        feedback.picked(session, key="q", question="le câble est-il mort ?", **pick)  # type: ignore[arg-type]
        assert feedback.last_asked(session, "c").id == asked  # type: ignore[union-attr]
    with database.reading() as session:
        assert gaps.gaps(session) == []
        (found,) = gaps.candidates(session)
        assert found.article.id == "phone-not-charging"
        assert {row.question for row in found.questions} == {"pourquoi rien ne charge, [e-mail] ?", "le câble est-il mort ?"}


def test_a_persons_questions_are_told_and_erased_with_what_was_offered(database: Database) -> None:
    ask(database, "a", "une question", choices("x"), conversation="hers")
    other = ask(database, "b", "une question", choices("x"), conversation="his")
    person = Person(conversations=("hers",))
    with database.writing() as session:
        (told,) = feedback.personal_data.export_of(session, person)["asked_questions"]
        assert (told["question"], told["outcome"]) == ("une question", "choices")
        assert "vector" not in told
        feedback.personal_data.erase(session, person, AT)
    with database.reading() as session:
        assert [row.id for row in session.query(AskedQuestion)] == [other]
        assert [row.question for row in session.query(OfferedArticle)] == [other]


def test_an_article_finds_its_new_sample_at_the_next_question(database: Database) -> None:
    with database.writing() as session:
        fill(session)
    service.prepare(database)
    question = "mon bidule à piles rouspète quand je le branche sur le secteur"
    asked = ask(database, "a", question)
    with database.reading() as session:
        before = service.answer_question(session, question=question, language="fr")
        assert (before.kind, before.title) != ("direct", "Mon téléphone ne charge plus")
    with database.writing() as session:
        gaps.add_to_article(session, questions=[asked], article="phone-not-charging", agent="Claire", at=AT)
    with database.reading() as session:
        after = service.search(session, question=question, language="fr").hits[0]
        assert (after.article, after.confidence > before.confidence) == ("phone-not-charging", True)
        assert gaps.gaps(session) == []
