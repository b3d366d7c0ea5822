"""`savoir ask`: what the assistant would understand and answer, and why. Nothing is kept of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from pathlib import Path
from typing import Any, Optional

from rich.console import Console
from rich.text import Text

from savoir.core.settings import PROJECT, settings
from savoir.learning.answering import Answer, fill_in, rule_for, slots_from
from savoir.learning.models import live_model
from savoir.learning.project_files import Project, read_project
from savoir.learning.understanding import SENDER, Understanding, live_understanding

RANKED = 5
WEIGHED_WORDS = 40
"""The longest message, in words, whose words are weighed one by one."""
LEAST_WEIGHT = 0.01


def ask(text: str, as_json: bool) -> None:
    """Prints what the live model makes of one first message: as one JSON object, or for people. Raises Problem without a model."""
    with contextlib.redirect_stdout(sys.stderr):  # Rasa and TensorFlow must not mix into our answer
        with Console(stderr=True).status("asking the model…"):
            report = asyncio.run(answer_to(text))
    if as_json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _show(report)


async def answer_to(text: str, project: Path = PROJECT) -> dict[str, Any]:
    """Intent, ranking, entities, language, reasons and reply for a text, as `savoir ask --json` prints them."""
    the = settings()
    model = live_model(the, project)
    live = live_understanding(the, model)
    text = _typed(text)
    parsed = await live.parse(text)
    read = read_project(project)
    entities = parsed.get("entities") or []
    language, is_sure = _language(entities, the.default_language)
    slots = {**slots_from(read, parsed["intent"]["name"] or "", entities), "language": language}
    predicted = await live.predict(_first_message(parsed, slots))
    answer = _answer(read, parsed, predicted)
    fill_in(read, answer, language, slots, {**predicted["tracker"], "sender_id": SENDER}, the.actions_port)
    return {
        "text": text,
        "model": model.name,
        "intent": _rounded(parsed["intent"]),
        "ranking": [_rounded(entry) for entry in parsed.get("intent_ranking", [])[:RANKED]],
        "further_intents": [_rounded(entry) for entry in parsed.get("further_intents") or []],
        "entities": [
            {"entity": e["entity"], "value": e["value"], "text": text[e["start"] : e["end"]]}
            for e in sorted(entities, key=lambda e: int(e.get("start", 0)))
            if e["entity"] != "language" or e["end"] - e["start"] < len(text)  # the language of the whole is said apart
        ],
        "language": language,
        "language_detected": is_sure,
        "doubt": parsed.get("doubt"),
        "reasons": _nearest(parsed) + await _weighed_words(live, text, parsed),
        "answer": vars(answer),
    }


def _typed(text: str) -> str:
    """Without leading slashes: customers can't type payloads, and neither does this."""
    return text.lstrip("/ \t\n") or "?"


def _language(entities: list[dict[str, Any]], default: str) -> tuple[str, bool]:
    found = [e["value"] for e in entities if e["entity"] == "language"]
    return (str(found[-1]), True) if found else (default, False)


def _rounded(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "confidence": round(float(entry.get("confidence") or 0), 3)}


def _first_message(parsed: dict[str, Any], slots: dict[str, Any]) -> list[dict[str, Any]]:
    """The events of a new conversation in which this is the first message."""
    said = {
        "event": "user", "text": parsed["text"], "parse_data": parsed, "message_id": SENDER,
        "metadata": {"language": slots["language"], "channel": "web"},
    }  # fmt: skip
    began = [{"event": "action", "name": "action_session_start"}, {"event": "session_started"}, {"event": "action", "name": "action_listen"}]
    return [*began, said, *({"event": "slot", "name": name, "value": value} for name, value in slots.items())]


def _answer(project: Project, parsed: dict[str, Any], predicted: dict[str, Any]) -> Answer:
    """What the policies choose, and the rule of the files that it comes from."""
    best = max(predicted["scores"], key=lambda entry: float(entry["score"]), default={"action": "action_default_fallback"})
    answer = Answer(str(best["action"]), str(predicted["policy"] or ""), round(float(predicted["confidence"] or 0), 3))
    rule = rule_for(project, parsed["intent"]["name"] or "")
    if rule and any(step.kind == "action" and step.name == answer.action for step in rule.steps):
        answer.rule, answer.place = rule.name, str(rule.place)
    return answer


def _nearest(parsed: dict[str, Any]) -> list[dict[str, Any]]:
    """The training phrase that is most like the message."""
    doubt = parsed.get("doubt") or {}
    if not doubt.get("nearest"):
        return []
    return [{"kind": "phrase", "text": doubt["nearest"], "intent": doubt.get("nearest_intent"), "weight": doubt.get("familiarity")}]


async def _weighed_words(live: Understanding, text: str, parsed: dict[str, Any]) -> list[dict[str, Any]]:
    """How much confidence in the best intent goes when a word is left out: whatever the classifier is. Strongest first."""
    words = text.split()
    best = next((e["name"] for e in parsed.get("intent_ranking", []) if e["name"] != "nlu_fallback"), None)
    if best is None or not 1 < len(words) <= WEIGHED_WORDS:
        return []
    whole = _confidence(parsed, best)
    weighed = []
    for number, word in enumerate(words):
        without = await live.parse(_typed(" ".join(words[:number] + words[number + 1 :])))
        weighed.append({"kind": "word", "text": word, "intent": best, "weight": round(whole - _confidence(without, best), 3)})
    weighed = [w for w in weighed if abs(w["weight"]) >= LEAST_WEIGHT]
    return sorted(weighed, key=lambda w: -abs(w["weight"]))[:RANKED]


def _confidence(parsed: dict[str, Any], intent: str) -> float:
    return next((float(e["confidence"]) for e in parsed.get("intent_ranking", []) if e["name"] == intent), 0.0)


# ------------------------------------------------------------------ for people


def _show(report: dict[str, Any]) -> None:
    console = Console(highlight=False)

    def line(label: str, *parts: Any, style: Optional[str] = None) -> None:
        console.print(Text.assemble((f"{label:<12}", "dim"), (" ".join(str(p) for p in parts), style or "")), soft_wrap=not console.is_terminal)

    intent, answer = report["intent"], report["answer"]
    line("understood", f"{intent['name']}  {intent['confidence']:.2f}", style="bold")
    for entry in report["ranking"]:
        line("", f"{entry['confidence']:.2f}  {entry['name']}")
    for entry in report["further_intents"]:
        line("also asked", f"{entry['name']}  {entry['confidence']:.2f}  “{entry.get('text', '')}”")
    for entity in report["entities"]:
        line("found", f"{entity['entity']} = {entity['value']}  “{entity['text']}”")
    line("language", report["language"], "" if report["language_detected"] else "(not certain: the default)")
    doubt = report["doubt"] or {}
    if doubt.get("refused") or doubt.get("unsure"):
        line("doubt", "unlike anything it was taught" if doubt.get("refused") else "not sure enough to act")
    label = "because of"
    for reason in report["reasons"]:
        if reason["kind"] == "phrase":
            line("most like", f"“{reason['text']}”  {reason['intent']}, likeness {reason['weight']:.2f}")
        else:
            line(label, f"{reason['weight']:+.2f}  “{reason['text']}”", style=None if reason["weight"] > 0 else "dim")
            label = ""
    where = f"rule “{answer['rule']}” ({answer['place']})" if answer["rule"] else f"no rule for it alone; {answer['policy'] or 'no policy'}"
    line("then", f"{where} → {answer['action']}")
    for reply in answer["replies"]:
        line("reply", reply["text"] or f"[{reply.get('effect') or 'card'}]", style="green")
        for button in reply["buttons"]:
            line("", f"[{button['title']}] {button['payload']}", style="dim")
        for card in reply.get("cards", []):
            line("", f"card: {card.get('title', '')}", style="dim")
    if answer["note"]:
        line("", answer["note"], style="dim")
    line("model", report["model"], style="dim")
