"""A request read: language, category, urgency, sentiment, product, flags, queue, and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Mapping, Optional, Sequence

from .cleaning import newest
from .language import language_of
from .model import Model, Scores
from .mood import mood_of
from .products import catalogue
from .rules import is_automatic_mail, tells_danger, tells_fraud, tells_law

QUEUES = {
    "hardware": "technical", "software": "technical", "usage": "technical", "order": "orders", "billing": "orders", "repair": "repairs",
    "feedback": "care", "account": "care", "general": "care", "safety": "trust", "fraud": "trust", "privacy": "trust",
}
"""Of a category's first part, when triage is sure; a test holds it to the tickets' own."""
FRAUD_HEARD, P1_HEARD, VULNERABLE_HEARD, NEGATIVE_HEARD, POSITIVE_HEARD = 0.25, 0.35, 0.35, 0.4, 0.4


@dataclass(frozen=True)
class Request:
    """What came in. `headers` are those of a mail; `channel` is `mail`, `email`, `form` or `api`."""

    body: str
    subject: str = ""
    channel: str = "mail"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What triage says; the fields of `POST /api/v1/triage`."""

    language: str
    category: str
    category_confidence: float
    urgency: str
    sentiment: str
    product_type: Optional[str]
    flags: list[str]
    entities: dict[str, str]
    queue: str
    automatic: bool
    reasons: list[dict[str, Any]]

    def json(self) -> dict[str, Any]:
        """As programs get it."""
        return asdict(self)


def read(requests: Sequence[Request], trained: Model) -> list[Result]:
    """What triage says of requests, in their order; many at once are quicker than one by one."""
    texts = [newest(request.body, request.channel).text for request in requests]
    scores = trained.read([f"{request.subject}\n{text}".strip() for request, text in zip(requests, texts, strict=True)])
    return [_result(request, text, score, trained) for request, text, score in zip(requests, texts, scores, strict=True)]


def _result(request: Request, text: str, score: Scores, trained: Model) -> Result:
    language, _ = language_of(request.subject, text)
    said = f"{request.subject}\n{text}".strip()
    mood, product, other = mood_of(said, language), catalogue().find(said), score.others
    reasons: list[dict[str, Any]] = [{"text": word, "weight": weight} for word, weight in score.words]
    flags = [name for name, heard in (
        ("auto_reply", is_automatic_mail(request.subject, request.body, request.headers) or other["auto_reply"] >= trained.noise_lines["auto_reply"]),
        ("spam", other["spam"] >= trained.noise_lines["spam"]),
        ("vulnerable", mood.vulnerable or other["vulnerable"] >= VULNERABLE_HEARD), ("legal", tells_law(text)),
    ) if heard]
    is_noise = bool({"spam", "auto_reply"} & set(flags))
    if is_noise:
        flags = flags[:1]
    category = max(score.categories, key=lambda name: score.categories[name])
    confidence = score.categories[category]
    danger, fraud = not is_noise and tells_danger(said), not is_noise and tells_fraud(said)
    if is_noise:
        category = "general.other"
    elif danger and category != "safety.danger":
        category, confidence = "safety.danger", max(0.5, score.categories.get("safety.danger", 0.0))
    urgency = _urgency(category, score, flags, danger, fraud, is_noise)
    if danger or fraud:
        reasons.insert(0, {"text": {("fr", True): "danger décrit", ("en", True): "danger told", ("fr", False): "fraude décrite", ("en", False): "fraud told"}[language, danger], "weight": 1.0})
    if score.nearest:
        reasons.append({"text": f"ressemble à « {score.nearest} »" if language == "fr" else f"resembles “{score.nearest}”", "weight": round(score.categories.get(category, 0.0), 3)})
    automatic = not is_noise and not danger and confidence >= trained.lines.get(category, 1.01)
    first = category.split(".")[0]
    sure = automatic or urgency == "p1"  # danger and fraud never wait to be sorted
    return Result(
        language, category, round(confidence, 3), urgency, "neutral" if is_noise else _sentiment(other, mood.score, mood.anger, category), product.type if product else None,
        flags, {"product": product.product} if product else {}, ("trust" if urgency == "p1" else QUEUES.get(first, "triage")) if sure else "triage", automatic, reasons,
    )


def _urgency(category: str, score: Scores, flags: Sequence[str], danger: bool, fraud: bool, is_noise: bool) -> str:
    if is_noise:
        return "p4"
    if danger or category == "safety.danger" or score.others["p1"] >= P1_HEARD or (fraud and score.categories.get("fraud.report", 0.0) >= FRAUD_HEARD):
        return "p1"
    urgency = max(("p2", "p3", "p4"), key=lambda name: score.others[name])
    return "p2" if "vulnerable" in flags else urgency


def _sentiment(other: Mapping[str, float], mood: float, anger: bool, category: str) -> str:
    if other["positive"] >= POSITIVE_HEARD or (category == "feedback.praise" and mood >= 0):
        return "positive"
    return "negative" if anger or other["negative"] >= NEGATIVE_HEARD else "neutral"
