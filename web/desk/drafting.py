"""Drafts of solved cases: as the house makes them, or bettered by a language model where the firm has connected one."""

from __future__ import annotations

from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from connectors.llm import LanguageModel
from savoir.core.context import Context
from savoir.knowledge.drafts import SolvedCase, draft_of_case
from savoir.knowledge.keeping import Content
from savoir.knowledge.redrafting import improved

from .solved_cases import solved_case

SECONDS = 20.0
"""An editor may wait longer than a customer."""
_models: WeakKeyDictionary[Context, LanguageModel] = WeakKeyDictionary()


async def draft_of(the: Context, number: str, at: datetime) -> tuple[SolvedCase, Content]:
    """The solved case and its draft. Raises a 404 problem."""

    def work(session: Session) -> tuple[SolvedCase, Content]:
        case = solved_case(session, number)
        return case, draft_of_case(case, at)

    case, content = await the.read(work)
    if not the.settings.llm_url:
        return case, content
    if the not in _models:
        _models[the] = LanguageModel(the.settings, timeout=SECONDS)
    return case, await improved(content, case, _models[the])
