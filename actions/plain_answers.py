"""A yes or no that stands before other words, so that the message looks like a request."""

from __future__ import annotations

import re
from typing import Optional

_YES = re.compile(
    r"^(?:ah |euh |eh bien |bon |well |oh |um )?(?:oui|ouais|si|yes|yeah|yep|ok|okay|d'accord|exact\w*|tout a fait|c'est (?:bien )?(?:ca|cela)|that'?s (?:it|right)|right|sure|go ahead|allez[- ]y|vas[- ]y)\b"
)
_NO = re.compile(r"^(?:ah |euh |mais |bon |well |oh |but |um )?(?:non|nan|no|nope|toujours|pas|still|jamais|never|personne|nobody|aucun\w*|surtout pas|not)\b")
_BUT = re.compile(r"\b(?:mais|but|sauf|except|pas|not|attende?[zs]?|wait|don'?t|ne|n'\w+)\b")


def plain_answer(typed: str) -> Optional[bool]:
    """Yes or no, by how a folded text begins; None where it begins otherwise, or a yes is taken back (`oui mais…`)."""
    if _NO.search(typed):
        return False
    return True if _YES.search(typed) and not _BUT.search(typed) else None
