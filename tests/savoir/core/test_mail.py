"""The words of mails: whole in both languages, with nothing of a customer's taken as markup or as a header."""

from __future__ import annotations

import pytest

from savoir.core import mail
from savoir.core.context import Context
from savoir.core.errors import Problem
from savoir.core.settings import Settings
from savoir.core.tables import OutboxItem

EVERYTHING = [(template, language) for template in mail.VALUES for language in ("fr", "en")]


@pytest.mark.parametrize(("template", "language"), EVERYTHING)
def test_every_mail_is_whole_with_and_without_its_optional_values(template: str, language: str, settings: Settings) -> None:
    needed, optional = mail.VALUES[template]
    for names in (needed, (*needed, *optional)):
        letter = mail.render(template, language, {name: f"«{name}»" for name in names}, settings)
        assert 5 < len(letter.subject) < 100
        assert "None" not in letter.text
        assert "{" not in letter.text
        assert "\n\n\n" not in letter.text
        assert all(f"«{name}»" in letter.subject + letter.text for name in names if name not in ("purpose", "what", "keeps_accounts", "way"))
        assert settings.firm in letter.text
        assert settings.support_phone in letter.text


@pytest.mark.parametrize("purpose", ["export", "erasure", "contact", "password"])
def test_a_code_says_what_it_is_for(purpose: str, settings: Settings) -> None:
    texts = {
        mail.render("one_time_code", "fr", {"code": "123456", "minutes": 10, "purpose": p}, settings).text for p in (purpose, "something else")
    }
    assert len(texts) == 2


@pytest.mark.parametrize(
    ("template", "language", "values"),
    [("nothing", "fr", {}), ("invoice", "de", {"order_number": "1"}), ("invoice", "fr", {}), ("invoice", "fr", {"order_number": "1", "odd": 2})],
)
def test_a_mail_that_cannot_be_written_says_what_was_expected(template: str, language: str, values: dict[str, str], settings: Settings) -> None:
    with pytest.raises(Problem, match=r"expected|needs"):
        mail.render(template, language, values, settings)


def test_a_subject_of_several_lines_becomes_one(settings: Settings) -> None:
    letter = mail.render("ticket_opened", "en", {"ticket_number": "SAV-1", "subject": "a\r\nBcc: b@example.org\n\n{{ firm }}"}, settings)
    assert "    a Bcc: b@example.org {{ firm }}\n" in letter.text


def test_a_mail_is_put_once_with_its_words_and_files(context: Context) -> None:
    for _ in range(2):
        with context.database.writing() as session:
            mail.put_mail(
                session, context.settings, to=" Camille@Example.org ", template="invoice", language="fr", values={"order_number": "CMD-1"},
                key="k", at=context.clock(), enclosures=[mail.Enclosure("facture.pdf", "application/pdf", b"%PDF")],
            )
    with context.database.reading() as session:
        (row,) = session.query(OutboxItem).all()
    assert row.payload["to"] == "Camille@example.org"
    assert row.payload["subject"] == "Votre facture pour la commande CMD-1"
    assert row.payload["enclosures"] == [{"name": "facture.pdf", "content_type": "application/pdf", "content": "JVBERg=="}]


def test_what_is_no_address_is_refused_before_anything_is_put(context: Context) -> None:
    with pytest.raises(Problem, match="not an e-mail address"), context.database.writing() as session:
        mail.put_mail(
            session, context.settings, to="camille@", template="invoice", language="fr", values={"order_number": "1"}, key="k",
            at=context.clock(),
        )
