"""What the knowledge lacks: gaps, candidates, and what editors make of them."""

from __future__ import annotations

import numpy as np
import pytest

from savoir.core.database import Database
from savoir.core.encoder import encoder
from savoir.core.errors import Problem
from savoir.knowledge import feedback, gaps, keeping, revisions
from savoir.knowledge.gaps_clusters import clusters
from savoir.knowledge.tables import Article

from .library import fill
from .test_feedback import AT, ask, choices, direct, kept


@pytest.fixture
def shelf(database: Database) -> Database:
    with database.writing() as session:
        fill(session)
    return database


def questions_of(database: Database, id: str, language: str = "fr") -> list[str]:
    with database.reading() as session:
        return list(session.get(Article, (id, language)).questions)  # type: ignore[union-attr]


def test_questions_that_ask_the_same_stand_together_whatever_their_language() -> None:
    texts = ["comment changer la courroie du lave-vaisselle ?", "quelle heure ferme la boutique", "how do I replace the dishwasher's belt?",
             "remplacer la courroie de mon lave-vaisselle"]
    assert [sorted(rows) for rows in clusters(encoder().encode(texts), encoder().name)] == [[0, 2, 3], [1]]
    assert clusters(encoder().encode(texts[:1]), encoder().name) == [[0]]
    assert clusters(np.empty((0, 512), np.float32), encoder().name) == []


def test_a_gap_is_what_nothing_answered_was_not_chosen_or_did_not_help(shelf: Database) -> None:
    none = ask(shelf, "a", "peut-on peindre le boîtier du routeur en vert ?")
    unchosen = ask(shelf, "b", "repeindre mon routeur en vert, possible ?", choices("router-password"), conversation="d")
    refused = ask(shelf, "c", "où acheter des fraises ?", direct("return-product"), conversation="e")
    ask(shelf, "d", "mon argent ?", direct("refund-delays"), conversation="f")
    with shelf.writing() as session:
        feedback.answered(session, conversation="e", helped=False)
        feedback.answered(session, conversation="f", helped=True)
    with shelf.reading() as session:
        first, second = gaps.gaps(session)
        assert {row.id for row in first.questions} == {none, unchosen}
        assert [row.id for row in second.questions] == [refused]
        assert first.nearest[0].article == "router-password"
        assert gaps.counts(session) == {"gaps": 3, "candidates": 1}


def test_what_was_chosen_or_helped_is_a_candidate_until_it_is_a_sample(shelf: Database) -> None:
    chosen = ask(shelf, "a", "mon colis retour est parti, et mes sous ?", choices("return-product", "refund-delays"))
    helped = ask(shelf, "b", "le code du wifi je l'ai perdu", direct("router-password"), conversation="d")
    ask(shelf, "c", "Mot de passe Wi-Fi oublié", direct("router-password"), conversation="e")
    with shelf.writing() as session:
        feedback.chosen(session, conversation="c", article="refund-delays")
        for conversation in ("d", "e"):
            feedback.answered(session, conversation=conversation, helped=True)
    with shelf.writing() as session:
        found = {each.article.id: [row.id for row in each.questions] for each in gaps.candidates(session)}
        assert found == {"refund-delays": [chosen], "router-password": [helped]}, "a title is no sample"
        gaps.add_to_article(session, questions=[helped], article="router-password", agent="Claire", at=AT)
    assert questions_of(shelf, "router-password") == ["le code du wifi je l'ai perdu"]
    with shelf.reading() as session:
        assert [each.article.id for each in gaps.candidates(session)] == ["refund-delays"]
        assert revisions.history(session, id="router-password", language="fr")[0].author == "Claire"
    assert (kept(shelf, helped).review, kept(shelf, helped).review_article, kept(shelf, helped).reviewed_by) == ("added", "router-password", "Claire")


def test_a_sample_goes_to_the_version_in_its_language_else_to_the_other(shelf: Database) -> None:
    french, english = ask(shelf, "a", "ça se recharge plus"), ask(shelf, "b", "won't take any charge", language="en")
    only_english = ask(shelf, "c", "plonger avec la caméra")
    with shelf.writing() as session:
        gaps.add_to_article(session, questions=[french, english], article="phone-not-charging", agent="Claire", at=AT)
        gaps.add_to_article(session, questions=[only_english], article="camera-underwater", agent="Claire", at=AT)
    assert questions_of(shelf, "phone-not-charging")[-1] == "ça se recharge plus"
    assert questions_of(shelf, "phone-not-charging", "en")[-1] == "won't take any charge"
    assert questions_of(shelf, "camera-underwater", "en")[-1] == "plonger avec la caméra"


def test_a_draft_that_waits_behind_an_article_keeps_waiting_and_learns_the_sample_too(shelf: Database) -> None:
    asked = ask(shelf, "a", "le code du wifi je l'ai perdu")
    with shelf.writing() as session:
        row = session.get(Article, ("router-password", "fr"))
        assert row is not None
        draft = keeping.Content("Nouveau titre", "Nouveau texte.", row.updated)
        revisions.save_draft(session, id="router-password", language="fr", content=draft, author="Karim", at=AT, based_on=int(row.revision))
        gaps.add_to_article(session, questions=[asked], article="router-password", agent="Claire", at=AT)
    with shelf.reading() as session:
        row = session.get(Article, ("router-password", "fr"))
        assert row is not None
        assert (row.title, revisions.state_of(row)) == ("Mot de passe Wi-Fi oublié", "changed")
        waiting = revisions.newest(session, row)
        assert (waiting.title, waiting.questions) == ("Nouveau titre", ("le code du wifi je l'ai perdu",))


def test_a_question_is_dealt_with_once_and_a_dismissed_one_comes_back(shelf: Database) -> None:
    asked = ask(shelf, "a", "où acheter des fraises ?")
    with shelf.writing() as session:
        gaps.dismiss(session, questions=[asked], agent="Claire", at=AT)
        assert gaps.gaps(session) == []
        with pytest.raises(Problem, match="no open question"):
            gaps.add_to_article(session, questions=[asked], article="router-password", agent="Karim", at=AT)
        gaps.reopen(session, questions=[asked])
        assert len(gaps.gaps(session)) == 1
        with pytest.raises(Problem, match="no published article"):
            gaps.add_to_article(session, questions=[asked], article="nothing", agent="Karim", at=AT)


def test_an_article_takes_so_many_samples_and_says_so(shelf: Database) -> None:
    asked = [ask(shelf, f"k{n}", f"question numéro {n} sur les fraises") for n in range(keeping.MOST_QUESTIONS + 1)]
    with pytest.raises(Problem, match="at most 50"):
        with shelf.writing() as session:
            gaps.add_to_article(session, questions=asked, article="router-password", agent="Claire", at=AT)
    assert questions_of(shelf, "router-password") == []


def test_a_long_story_is_a_sample_by_its_beginning(shelf: Database) -> None:
    asked = ask(shelf, "a", "mon téléphone " + "vraiment " * 60)
    with shelf.writing() as session:
        gaps.add_to_article(session, questions=[asked], article="tv-no-sound", agent="Claire", at=AT)
    (sample,) = questions_of(shelf, "tv-no-sound")
    assert 150 < len(sample) <= gaps.LONGEST_SAMPLE and sample.endswith("vraiment")
