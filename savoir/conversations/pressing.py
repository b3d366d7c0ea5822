"""A button pressed by typing: its title, or its number where the channel has no buttons; and what a face or a thumb alone stands for."""

from __future__ import annotations

import re
from typing import Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from savoir.core.text import fold

from .tables import Message

SIGNS = (
    {"signs": "👍👌✅✔☑🆗💯", "payload": "/affirm"}, {"signs": "👎❌✖🚫🙅", "payload": "/deny"}, {"signs": "🙏❤♥😊🥰😍🤗💙💚🧡💛💜🙂😀😃😄😁😉👏🎉", "payload": "/thank"},
    {"signs": "😡🤬😠👿😤🖕", "payload": "/show_anger"}, {"signs": "👋", "payload": "/greet"}, {"signs": "🤔🤷😕❓❔", "payload": "/ask_for_help"},
)
"""What a sign stands for where it is all that was sent."""
_OF_SIGN = {sign: meaning["payload"] for meaning in SIGNS for sign in meaning["signs"]}
_VARIANTS = re.compile("[\ufe0e\ufe0f\u200d\u2640\u2642\U0001f3fb-\U0001f3ff\\s!.]")
"""Skin colours, joiners and what chooses between two pictures of the same sign."""
LONGEST = 80
"""Characters of a message that may be a button's title."""
FEWEST_WORDS, MOST_BESIDE = 3, 3
TAKES_BACK = {"pas", "ne", "n", "non", "mais", "not", "no", "but", "t", "never", "jamais", "ou", "or", "puis", "and", "et"}
"""Words beside a title with which something else is meant."""
_NUMBER = re.compile(r"(?:n[o°]?\s*|option\s+|choix\s+|choice\s+|le\s+|la\s+|the\s+)?(\w+)(?:\s+(?:one|option|choix|choice))?")
_ORDINALS = {
    "1": 0, "un": 0, "une": 0, "one": 0, "1er": 0, "1ere": 0, "premier": 0, "premiere": 0, "first": 0, "1st": 0,
    "2": 1, "deux": 1, "two": 1, "2e": 1, "2eme": 1, "deuxieme": 1, "second": 1, "seconde": 1, "2nd": 1,
    "3": 2, "trois": 2, "three": 2, "3e": 2, "3eme": 2, "troisieme": 2, "third": 2, "3rd": 2,
    "4": 3, "quatre": 3, "four": 3, "4e": 3, "4eme": 3, "quatrieme": 3, "fourth": 3, "4th": 3,
    "dernier": -1, "derniere": -1, "last": -1,
}


def pressed_by_typing(session: Session, conversation: str, seq: int, text: str) -> Optional[str]:
    """The payload of the button, of those that the assistant's latest message offered before `seq`, that the text stands for."""
    if not text or len(text) > LONGEST:
        return None
    sign = of_signs(text)
    if sign:
        return sign
    buttons = session.execute(
        sa.select(Message.buttons)
        .where(Message.conversation == conversation, Message.seq < seq, Message.author == "assistant")
        .order_by(Message.seq.desc())
        .limit(1)
    ).scalar_one_or_none()
    return match(buttons, text) if buttons else None


def of_signs(text: str) -> Optional[str]:
    """The payload that signs alone stand for: `👍👍🏽` is a yes. None where there is anything else, or where they contradict each other."""
    meant = {_OF_SIGN.get(sign) for sign in _VARIANTS.sub("", text)}
    return meant.pop() if len(meant) == 1 else None


def match(buttons: Sequence[dict[str, str]], text: str) -> Optional[str]:
    """The payload of the button with that title, or at that place: `1`, `la deuxième`, `the last one`. None where two could be meant."""
    plain = _plain(text)
    titled = [button["payload"] for button in buttons if _plain(button["title"]) == plain]
    if titled:
        return titled[0] if len(set(titled)) == 1 else None
    within = {button["payload"] for button in buttons if _is_within(_plain(button["title"]).split(), plain.split())}
    if len(within) == 1:
        return within.pop()
    found = _NUMBER.fullmatch(plain)
    place = _ORDINALS.get(found[1]) if found else None
    return buttons[place]["payload"] if place is not None and place < len(buttons) else None


def _is_within(title: list[str], typed: list[str]) -> bool:
    """Whether a title of some length is typed in its order, with few words beside it: `je n'ai toujours rien reçu`."""
    left = iter(typed)
    if len(title) < FEWEST_WORDS or len(typed) - len(title) > MOST_BESIDE or not all(word in left for word in title):
        return False
    return not (set(typed) - set(title)) & TAKES_BACK


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w°]+", fold(text)))
