"""Tokens, passwords and keys."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

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
