"""Tokens, passwords and keys."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Optional

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from .errors import Problem

_hasher = PasswordHasher()


def new_id() -> str:
    """An identifier nobody can guess: 128 random bits, url-safe."""
    return secrets.token_urlsafe(16).replace("-", "x").replace("_", "y")


def digest(token: str) -> str:
    """What is stored of a token: its SHA-256, hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_chat_token(conversation: str, key: str, at: datetime, days: int) -> str:
    """A bearer token for one conversation, valid for `days` from `at` (JWT, HS256)."""
    return jwt.encode({"sub": conversation, "aud": "chat", "iat": at, "exp": at + timedelta(days=days)}, key, algorithm="HS256")


def check_chat_token(token: str, key: str, conversation: str, at: datetime) -> None:
    """Raises a 401 problem if the token is missing, forged or, at that time, expired; 404 if it is another conversation's."""
    options = {"require": ["exp", "sub"], "verify_exp": False, "verify_iat": False}
    try:
        claims = jwt.decode(token, key, algorithms=["HS256"], audience="chat", options=options)  # type: ignore[arg-type]
    except jwt.InvalidTokenError:
        raise Problem("token-invalid", 401, "The bearer token is missing or not ours; use the one given with the conversation.") from None
    if claims["exp"] <= at.timestamp():
        raise Problem("token-expired", 401, "The token of this conversation has expired; start a new conversation.")
    if not secrets.compare_digest(str(claims["sub"]), conversation):
        # the same answer as for a conversation that does not exist: a token tells nothing of others
        raise Problem("not-found", 404, "There is no such conversation here.")


@dataclass(frozen=True)
class SignedCustomer:
    """Whom the firm's own site has signed in: by the firm's id of the customer, or by their address."""

    customer: Optional[str]
    email: Optional[str]


LONGEST_IDENTITY = timedelta(days=1)


def check_identity(token: str, secret: str, at: datetime) -> SignedCustomer:
    """Reads an identity signed by the firm's site: a JWT (HS256) with `sub` (customer id) or `email`, and `exp` at most a day ahead.

    Raises 401 problems: forged or incomplete, expired.
    """
    options = {"require": ["exp"], "verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False, "verify_sub": False}
    try:
        claims = jwt.decode(token, secret, algorithms=["HS256"], options=options)  # type: ignore[arg-type]
        until = float(claims["exp"])
    except (jwt.InvalidTokenError, TypeError, ValueError):
        raise Problem("identity-invalid", 401, "`identity` is not signed with this installation's secret (JWT, HS256, with `exp`).") from None
    customer, email = (claims.get(name) if isinstance(claims.get(name), str) else None for name in ("sub", "email"))
    if not customer and not email:
        raise Problem("identity-invalid", 401, "`identity` names nobody; expected `sub` (the customer's id) or `email`.")
    if until <= at.timestamp():
        raise Problem("identity-expired", 401, "`identity` has expired; have your site sign a new one when the chat begins.")
    if until > (at + LONGEST_IDENTITY).timestamp():
        raise Problem("identity-invalid", 401, "`identity` is valid for too long; `exp` may be a day ahead at most.")
    return SignedCustomer(customer or None, email or None)


def hash_password(password: str) -> str:
    """Argon2id."""
    return _hasher.hash(password)


def password_matches(password: str, stored: str) -> bool:
    """Whether the password is the stored one's; False, in the same time, for a hash that can never match."""
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


NO_PASSWORD = _hasher.hash(secrets.token_hex(16))
"""A hash that no password matches: checked when the account does not exist, so that the time tells nothing."""
