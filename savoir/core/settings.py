"""Every setting of the product, with its default, in one place: environment variables `SAVOIR_*` or lines of `.env`."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Optional
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseSettings, Field, validator

from .clock import OpeningHours

PROJECT = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    """Read once at start; tests build their own with keyword arguments."""

    # where things are kept and who listens where
    var: Path = Field(default=PROJECT / "var", description="folder of all that is made at run time: database, secret, logs")
    host: str = Field(default="127.0.0.1", description="address of the front door; 0.0.0.0 lets other machines in")
    port: int = Field(default=8000, description="the only public port")
    rasa_port: int = Field(default=5005, description="Rasa, loopback only")
    actions_port: int = Field(default=5055, description="the action server, loopback only")
    public_url: Optional[str] = Field(default=None, description="address that customers see, for links; default http://host:port")
    instance: str = Field(default="desk-1", description="name of this desk process; a restarted one takes its own work up again")

    # storage
    database_url: Optional[str] = Field(default=None, description="SQLAlchemy URL; default SQLite in var/savoir.db")
    tracker_url: Optional[str] = Field(default=None, description="SQLAlchemy URL of Rasa's trackers; default SQLite in var/rasa.db")
    redis_url: Optional[str] = Field(default=None, description="push between several desk processes; one process needs none")
    secret: Optional[str] = Field(default=None, description="master secret; default a generated one in var/secret")

    # the firm
    firm: str = Field(default="Talvène", description="the name that customers know")
    time_zone: str = Field(default="Europe/Paris", description="zone of the opening hours and of dates shown to customers")
    opening_hours: str = Field(
        default="mo-fr 09:00-19:00; sa 10:00-17:00", description="when people answer; `days from-to[,from-to]`, parts separated by `;`"
    )
    holidays: str = Field(default="FR", description="country whose public holidays close the desk; empty for none")
    support_phone: str = Field(default="02 61 91 00 10", description="shown when nothing else helps")
    default_language: str = Field(default="fr", description="fr or en, until the customer's own is known")
    return_days: int = Field(default=30, ge=14, description="days after delivery within which products may be sent back; the law's 14 at least")
    firm_address: str = Field(default="4 rue des Embruns, 44000 Nantes, France", description="on invoices; lines separated by commas")
    firm_registration: str = Field(default="RCS Nantes 000 000 000", description="the firm's entry in the trade register, on invoices")
    firm_vat_number: str = Field(default="FR00000000000", description="the firm's VAT number, on invoices")

    account_url: str = Field(
        default="https://mon.talvene.example/mot-de-passe", description="page of the firm's own site where customers choose a new password"
    )

    # mail, and what else is sent
    smtp_host: Optional[str] = Field(default=None, description="the mail server; without one mails are written into var/mail/")
    smtp_port: int = Field(default=587, description="its port")
    smtp_user: Optional[str] = Field(default=None, description="who signs in at the mail server; none for no sign-in")
    smtp_password: Optional[str] = Field(default=None, description="their password")
    smtp_security: str = Field(default="starttls", description="starttls, tls (from the first byte) or none")
    mail_from: str = Field(default="support@talvene.example", description="the sender of mails: an address, or `Name <address>`")
    outbox_attempts: int = Field(default=36, description="attempts at sending something (about a day) before it is given up")
    identity_secret: Optional[str] = Field(default=None, description="shared with the firm's own site, which signs who is signed in there")

    # a language model, where the firm has one
    llm_url: Optional[str] = Field(default=None, description="an endpoint that speaks OpenAI's protocol, e.g. http://127.0.0.1:11434/v1; none for no LLM")
    llm_model: Optional[str] = Field(default=None, description="the model's name there")
    llm_key: Optional[str] = Field(default=None, description="the key that the endpoint asks for; none for no key")
    llm_timeout: float = Field(default=6.0, gt=0, le=7, description="seconds for an answer to a customer; the article's own words come after them")
    llm_tokens: int = Field(default=400, ge=50, description="most tokens of an answer")
    llm_calls_per_minute: int = Field(default=30, ge=1, description="most calls of one process in a minute; what is over gets the article's own words")

    # people
    callbacks_per_window: int = Field(default=3, description="calls that are promised for the same half hour")
    away_minutes: float = Field(default=3.0, gt=0, description="minutes without a sign of an agent's desk after which the agent is away")
    notice_minutes: float = Field(default=3.0, ge=0, description="minutes in which an agent looks at what was given to them, before others get it; 0 for any time")
    offline_minutes: float = Field(default=10.0, ge=0, description="minutes away after which who waits for that agent's answer is in the queue again; 0 for never")
    abandoned_minutes: float = Field(default=30.0, ge=0, description="minutes of opening hours after a waiting customer left the chat until they count as gone; 0 for never")
    silence_reminder_minutes: float = Field(default=10.0, description="silence after a question of the assistant before one reminder; 0 for none")
    silence_close_minutes: float = Field(default=60.0, description="silence after the reminder before the conversation is closed; 0 for never")

    # limits of the customer's chat
    message_characters: int = Field(default=4000, description="longest customer message")
    messages_per_minute: int = Field(default=30, description="per conversation")
    conversations_per_hour: int = Field(default=60, description="per network address")
    photo_bytes: int = Field(default=10_000_000, description="largest photo that a customer may send")
    chat_token_days: int = Field(default=30, description="how long a customer's tab may come back to its conversation")
    trusted_proxies: int = Field(default=0, description="how many proxies in front add to X-Forwarded-For")
    allowed_origins: str = Field(default="", description="sites, separated by spaces, on which the chat is embedded")

    # turns of the assistant
    assistant_workers: int = Field(default=8, description="turns run at the same time by one desk process")
    assistant_timeout: float = Field(default=20.0, description="seconds for one attempt at a turn")
    assistant_down_after: float = Field(default=60.0, description="seconds without an answer before people get the conversation")
    claim_seconds: float = Field(default=30.0, description="a claimed turn is another process's again after this")
    identity_attempts: int = Field(default=3, description="failed identity checks before they stop")

    model: Optional[Path] = Field(default=None, description="the model to run; default the promoted one, else the newest in models/")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")
    demo: bool = Field(default=True, description="load the demo firm and its two agents at `make run`")

    class Config:
        env_prefix = "SAVOIR_"
        env_file = PROJECT / ".env"

    @validator("default_language")
    def _known_language(cls, value: str) -> str:
        if value not in ("fr", "en"):
            raise ValueError(f"SAVOIR_DEFAULT_LANGUAGE is {value!r}; expected fr or en")
        return value

    @validator("smtp_security")
    def _known_security(cls, value: str) -> str:
        if value not in ("starttls", "tls", "none"):
            raise ValueError(f"SAVOIR_SMTP_SECURITY is {value!r}; expected starttls, tls or none")
        return value

    @validator("identity_secret")
    def _long_secret(cls, value: Optional[str]) -> Optional[str]:
        if value and len(value) < 32:
            raise ValueError(f"SAVOIR_IDENTITY_SECRET has {len(value)} characters; expected at least 32, drawn at random")
        return value or None

    @validator("llm_url")
    def _known_protocol(cls, value: Optional[str]) -> Optional[str]:
        parts = urlsplit((value or "").strip())
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc):
            raise ValueError("SAVOIR_LLM_URL is no address; expected e.g. http://127.0.0.1:11434/v1, the key in SAVOIR_LLM_KEY")
        return (value or "").strip().rstrip("/") or None

    @validator("llm_model", always=True)
    def _named_model(cls, value: Optional[str], values: dict[str, Any]) -> Optional[str]:
        if values.get("llm_url") and not (value or "").strip():
            raise ValueError("SAVOIR_LLM_URL is set and SAVOIR_LLM_MODEL is not; expected the model's name there, e.g. mistral-small")
        return (value or "").strip() or None

    @validator("opening_hours")
    def _readable_hours(cls, value: str) -> str:
        OpeningHours.parse(value, "Europe/Paris")
        return value

    @validator("time_zone")
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"the time zone {value!r} is unknown; expected e.g. Europe/Paris") from None
        return value

    @property
    def database(self) -> str:
        """SQLAlchemy URL of our own data."""
        return self.database_url or f"sqlite:///{self.var / 'savoir.db'}"

    @property
    def trackers(self) -> str:
        """SQLAlchemy URL of Rasa's trackers."""
        return self.tracker_url or f"sqlite:///{self.var / 'rasa.db'}"

    @property
    def address(self) -> str:
        """The address that customers see, without a slash at its end."""
        return (self.public_url or f"http://{'127.0.0.1' if self.host == '0.0.0.0' else self.host}:{self.port}").rstrip("/")

    def key(self, purpose: str) -> str:
        """A key derived from the master secret for one purpose, as 64 hexadecimal digits (HMAC-SHA256)."""
        return _derived(self.secret or _kept_secret(self.var), purpose)


@lru_cache
def _derived(master: str, purpose: str) -> str:
    return hmac.new(master.encode(), purpose.encode(), hashlib.sha256).hexdigest()


@lru_cache
def _kept_secret(folder: Path) -> str:
    """The master secret in a folder, made if there is none."""
    path = folder / "secret"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        own = folder / f".secret-{secrets.token_hex(4)}"
        with open(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        with suppress(FileExistsError):  # two processes may start at once: the first one's secret stands, whole
            os.link(own, path)
        own.unlink()
    return path.read_text().strip()


@lru_cache
def settings() -> Settings:
    """The process's settings."""
    return Settings()
