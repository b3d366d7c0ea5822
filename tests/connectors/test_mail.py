"""Mail against a real server: sent once, tried again after a passing refusal, given up after a final one, the same id after a crash."""

from __future__ import annotations

import asyncio
import email
import email.policy
from email.message import EmailMessage
from typing import Any, Iterator

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from connectors.mail import Mailer
from savoir.core import mail, outbox
from savoir.core.context import Context
from savoir.core.database import Database
from savoir.core.outbox import Item, Undeliverable
from savoir.core.outbox_runner import OutboxRunner
from savoir.core.settings import Settings
from savoir.core.tables import OutboxItem
from tests.ports import free_port


class Post:
    """What a mail server does with what it gets; `answers` are given first, one a mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: list[str] = []
        self.recipient_answer = ""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.recipient_answer:
            return self.recipient_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answers:
            return self.answers.pop(0)
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore[arg-type]
        return "250 taken"


@pytest.fixture
def post() -> Iterator[Post]:
    post = Post()
    controller = Controller(
        post, hostname="127.0.0.1", port=free_port(), auth_require_tls=False,
        authenticator=lambda server, session, envelope, mechanism, data: AuthResult(success=data.password == b"right", handled=False),
    )
    controller.start()
    post.port = controller.port  # type: ignore[attr-defined]
    yield post
    controller.stop()


def settings_for(settings: Settings, post: Any, **more: Any) -> Settings:
    return settings.copy(update={"smtp_host": "127.0.0.1", "smtp_port": post.port, "smtp_security": "none", **more})


def item(key: str = "k", **payload: Any) -> Item:
    return Item(1, "mail", key, {"to": "camille@example.org", "subject": "Déjà prêt", "text": "Voilà : 12 €.\n", "language": "fr", **payload}, None, 1)


def put(context: Context, key: str = "k") -> None:
    with context.database.writing() as session:
        mail.put_mail(
            session, context.settings, to="camille@example.org", template="invoice", language="fr", values={"order_number": "CMD-1"}, key=key,
            at=context.clock(), enclosures=[mail.Enclosure("facture n° 1.pdf", "application/pdf", b"%PDF-1.7")],
        )


def states(context: Context) -> list[str]:
    with context.database.reading() as session:
        return [row.state for row in session.query(OutboxItem).order_by(OutboxItem.id)]


async def run(context: Context, handler: Any, done: Any) -> None:
    runner = OutboxRunner(context, handlers={"mail": handler})
    await runner.start()
    for _ in range(500):
        if done():
            break
        with context.database.writing() as session:  # not to wait for the pauses between attempts
            session.query(OutboxItem).filter_by(state="pending").update({"next_attempt_at": context.clock()})
        runner.wake()
        await asyncio.sleep(0.02)
    await runner.stop()


def test_a_mail_arrives_as_it_was_written(post: Post, settings: Settings) -> None:
    the = settings_for(settings, post, mail_from="Service clients <sav@exemple.fr>", smtp_user="savoir", smtp_password="right")
    asyncio.run(Mailer(the).send(item(enclosures=[{"name": "étiquette.pdf", "content_type": "application/pdf", "content": "JVBERg=="}])))
    (got,) = post.mails
    assert (got["From"], got["To"], got["Subject"]) == ("Service clients <sav@exemple.fr>", "camille@example.org", "Déjà prêt")
    assert (got["Auto-Submitted"], got["Content-Language"]) == ("auto-generated", "fr")
    assert got.get_body().get_content().replace("\r\n", "\n") == "Voilà : 12 €.\n"  # type: ignore[union-attr]
    (file,) = got.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == ("étiquette.pdf", "application/pdf", b"%PDF")


def test_a_mail_of_the_outbox_is_sent_once(post: Post, settings: Settings, database: Database) -> None:
    context = Context(settings_for(settings, post), database)
    put(context)
    put(context)
    asyncio.run(run(context, Mailer(context.settings).send, lambda: states(context) == ["sent"]))
    assert [m["Subject"] for m in post.mails] == ["Votre facture pour la commande CMD-1"]
    context.pool.shutdown()


def test_a_passing_refusal_is_tried_again(post: Post, settings: Settings, database: Database) -> None:
    context = Context(settings_for(settings, post), database)
    post.answers = ["451 greylisted, come back", "452 no room"]
    put(context)
    asyncio.run(run(context, Mailer(context.settings).send, lambda: states(context) == ["sent"]))
    assert len(post.mails) == 1
    context.pool.shutdown()


@pytest.mark.parametrize(("recipient", "data"), [("550 nobody here", []), ("", ["554 we take no such thing"])])
def test_a_final_refusal_makes_a_dead_letter(post: Post, settings: Settings, database: Database, recipient: str, data: list[str]) -> None:
    context = Context(settings_for(settings, post), database)
    post.recipient_answer, post.answers = recipient, list(data)
    put(context)
    asyncio.run(run(context, Mailer(context.settings).send, lambda: states(context) == ["dead"]))
    with database.reading() as session:
        (row,) = outbox.dead(session)
    assert row.attempts == 1
    assert "camille" not in row.error
    assert post.mails == []
    context.pool.shutdown()


def test_a_wrong_password_is_not_the_mails_fault(post: Post, settings: Settings) -> None:
    with pytest.raises(Exception) as caught:
        asyncio.run(Mailer(settings_for(settings, post, smtp_user="savoir", smtp_password="wrong")).send(item()))
    assert not isinstance(caught.value, Undeliverable)


def test_no_mail_goes_out_in_the_clear_where_tls_is_asked_for(post: Post, settings: Settings) -> None:
    for security in ("starttls", "tls"):
        with pytest.raises(Exception) as caught:
            asyncio.run(Mailer(settings_for(settings, post, smtp_security=security)).send(item()))
        assert not isinstance(caught.value, Undeliverable)
    assert post.mails == []


def test_after_a_crash_between_sending_and_noting_the_second_mail_has_the_firsts_id(post: Post, settings: Settings, database: Database) -> None:
    context = Context(settings_for(settings, post), database)
    put(context)
    with database.writing() as session:
        (lost,) = outbox.claim(session, kinds=["mail"], by=settings.instance, at=context.clock(), limit=1)
    asyncio.run(Mailer(context.settings).send(lost))  # and here the process died
    asyncio.run(run(context, Mailer(context.settings).send, lambda: states(context) == ["sent"]))
    first, second = post.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@talvene.example>")
    context.pool.shutdown()


def test_a_server_that_is_down_keeps_nobody_waiting_and_loses_nothing(settings: Settings, database: Database) -> None:
    context = Context(settings.copy(update={"smtp_host": "127.0.0.1", "smtp_port": free_port(), "smtp_security": "none"}), database)
    put(context)

    def was_tried() -> bool:
        with database.reading() as session:
            return bool(session.query(OutboxItem).one().error)

    asyncio.run(run(context, Mailer(context.settings).send, was_tried))
    assert states(context) == ["pending"]
    context.pool.shutdown()


def test_without_a_server_the_mail_is_a_file_and_the_same_one_the_second_time(settings: Settings) -> None:
    for _ in range(2):
        asyncio.run(Mailer(settings).send(item()))
    (path,) = (settings.var / "mail").glob("*.eml")
    written = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert written["Subject"] == "Déjà prêt"
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("payload", [{"to": "no address"}, {"subject": "a\nBcc: x@example.org"}, {"text": None}])
def test_an_item_of_which_no_mail_can_be_made_is_given_up(settings: Settings, payload: dict[str, Any]) -> None:
    with pytest.raises(Undeliverable):
        Mailer(settings).compose(item(**payload))
