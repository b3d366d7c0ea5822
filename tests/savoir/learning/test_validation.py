"""Each broken project has one fault; the check names it with file and line. The project itself has none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from savoir.core.settings import PROJECT
from savoir.customers.tables import ORDER_STATES
from savoir.learning.findings import Finding
from savoir.learning.validation import main, validate
from savoir.tickets.tables import STATES as TICKET_STATES

DOMAIN = """\
version: "3.1"
intents: [greet, track_order, helped]
entities: [order_number]
slots:
  language:
    type: categorical
    values: [fr, en]
    influence_conversation: false
    mappings: [{type: custom}]
  order_number:
    type: text
    influence_conversation: false
    mappings:
      - {type: from_entity, entity: order_number}
forms:
  order_form:
    required_slots: [order_number]
actions:
  - action_track_order
  - validate_order_form
responses:
  utter_greet:
    - text: "Bonjour, je vous écoute."
      buttons:
        - {title: "Suivre ma commande", payload: "/track_order"}
    - text: "Hello, I'm listening."
      condition: [{type: slot, name: language, value: en}]
      buttons:
        - {title: "Track my order", payload: "/track_order"}
  utter_ask_order_form_order_number:
    - text: "Quel est le numéro ?"
    - text: "What is the number?"
      condition: [{type: slot, name: language, value: en}]
  utter_order_sent:
    - text: "La commande {number} est partie."
      buttons:
        - {title: "Merci", payload: "/helped"}
    - text: "Order {number} is on its way."
      condition: [{type: slot, name: language, value: en}]
      buttons:
        - {title: "Thanks", payload: "/helped"}
"""
RULES = """\
version: "3.1"
rules:
  - rule: greet back
    steps: [{intent: greet}, {action: utter_greet}]
  - rule: look for an order
    steps:
      - intent: track_order
      - action: order_form
      - active_loop: order_form
  - rule: say where it is
    condition:
      - active_loop: order_form
    steps:
      - action: order_form
      - active_loop: null
      - slot_was_set:
          - requested_slot: null
      - action: action_track_order
  - rule: glad
    steps: [{intent: helped}, {action: utter_greet}]
"""
ACTIONS = '''\
from rasa_sdk.events import SlotSet


class TopicAction(Action):
    def name(self):
        return action_name(type(self).__name__)


class ActionTrackOrder(TopicAction):
    async def handle(self, turn):
        language = turn.slot("language")
        turn.say(f"utter_order_{order.state}", number=turn.slot("order_number"))
        return [SlotSet("language", language)]


class ValidateOrderForm(FormValidationAction):
    def name(self):
        return "validate_order_form"
'''


def _phrases(intent: str, language: str, phrases: list[str]) -> str:
    lines = "".join(f"    - {phrase}\n" for phrase in phrases)
    return f"- intent: {intent}\n  metadata:\n    language: {language}\n  examples: |\n{lines}"


def _nlu() -> str:
    topics = {("greet", "fr"): "bonjour {}", ("greet", "en"): "hello {}", ("track_order", "fr"): "où est [CMD-10000{}](order_number)",
              ("track_order", "en"): "where is [CMD-10000{}](order_number)"}  # fmt: skip
    return 'version: "3.1"\nnlu:\n' + "".join(_phrases(i, lang, [text.format(n) for n in range(25)]) for (i, lang), text in topics.items())


FILES = {"domain.yml": DOMAIN, "data/rules/orders.yml": RULES, "data/nlu/orders.yml": _nlu(), "actions/orders.py": ACTIONS}


def _write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _broken(folder: Path, file: str, old: str, new: str) -> list[Finding]:
    """The findings in a sound project after one replacement."""
    assert old in FILES[file]
    return validate(_write(folder, {**FILES, file: FILES[file].replace(old, new, 1)}))


def _line(file: str, text: str) -> int:
    return FILES[file][: FILES[file].index(text)].count("\n") + 1


def test_a_sound_project_has_no_findings(tmp_path: Path) -> None:
    assert validate(_write(tmp_path, FILES)) == []


ENGLISH_NUMBER = '    - text: "What is the number?"\n      condition: [{type: slot, name: language, value: en}]\n'
FAULTS: list[Any] = [
    ("an intent without phrases", "domain.yml", "helped]", "helped, complain]", "complain has no training phrases", "domain.yml", "intents:"),
    ("an intent that nothing answers", "data/rules/orders.yml", "{intent: helped}", "{intent: greet}", "Nothing answers the intent helped", "domain.yml", "intents:"),
    ("a trained intent that is not declared", "domain.yml", "[greet, track_order", "[track_order", "greet has 50 phrases", "data/nlu/orders.yml", "    - bonjour 0"),
    ("an action without a class", "domain.yml", "  - action_track_order", "  - action_track_order\n  - action_dance", "action_dance has no class", "domain.yml", "  - validate_order"),
    ("a class whose action is not declared", "domain.yml", "  - validate_order_form\n", "", "validate_order_form is written, but", "actions/orders.py", "class ValidateOrderForm"),
    ("a rule that says what does not exist", "data/rules/orders.yml", "{action: utter_greet}", "{action: utter_gret}", "says utter_gret,", "data/rules/orders.yml", "    steps: [{intent: greet}"),
    ("an action that says what does not exist", "actions/orders.py", "utter_order_{", "utter_parcel_{", "The code says utter_parcel_…", "actions/orders.py", "        turn.say("),
    ("a response that is never said", "actions/orders.py", "utter_order_{", "utter_ask_{", "utter_order_sent is never said", "domain.yml", "  utter_order_sent"),
    ("a response without English", "domain.yml", ENGLISH_NUMBER, "", "utter_ask_order_form_order_number is missing in English", "domain.yml", "  utter_ask_order_form_order_number"),
    ("a response without a default", "domain.yml", '    - text: "Quel est le numéro ?"\n', '    - text: "Quel est le numéro ?"\n      condition: [{type: slot, name: language, value: fr}]\n', "has no text without a condition", "domain.yml", "  utter_ask_order_form_order_number"),
    ("a channel's text that hides the English one", "domain.yml", '    - text: "Quel est le numéro ?"\n', '    - text: "Quel est le numéro ?"\n    - text: "Le numéro ?"\n      channel: sms\n', "customers who speak English get this French text on the channel sms", "domain.yml", ENGLISH_NUMBER),
    ("a variable in one language only", "domain.yml", "Order {number} is", "It is", "utter_order_sent tells {number} in French but not in English", "domain.yml", '    - text: "Order {number}'),
    ("a value that the action does not give", "actions/orders.py", ", number=", ", count=", "utter_order_sent is said here without {number}", "actions/orders.py", "        turn.say("),
    ("an untranslated button", "domain.yml", '"Track my order"', '"Suivre ma commande"', "the same title in French and English", "domain.yml", '        - {title: "Track my'),
    ("a button in one language only", "domain.yml", '      buttons:\n        - {title: "Thanks", payload: "/helped"}\n', "", "has 1 buttons in French and 0 in English", "domain.yml", '    - text: "Order'),
    ("a button for an intent that does not exist", "domain.yml", '"Suivre ma commande", payload: "/track_order"', '"Suivre ma commande", payload: "/trak"', "names the intent trak", "domain.yml", '        - {title: "Suivre'),
    ("a payload with an entity that does not exist", "domain.yml", "\"/helped\"}\n    - text", "'/helped{\"mood\": \"good\"}'}\n    - text", "names the entity mood", "domain.yml", '        - {title: "Merci'),
    ("a rule with an intent that does not exist", "data/rules/orders.yml", "- intent: track_order", "- intent: trak_order", "names the intent trak_order", "data/rules/orders.yml", "      - intent: track_order"),
    ("a rule with a form that does not exist", "data/rules/orders.yml", "- active_loop: order_form", "- active_loop: parcel_form", "names the form parcel_form", "data/rules/orders.yml", "      - active_loop: order_form"),
    ("a rule with a slot that does not exist", "data/rules/orders.yml", "- requested_slot: null", "- asked_slot: null", "names the slot asked_slot", "data/rules/orders.yml", "          - requested_slot"),
    ("a rule that waits for a slot without influence", "data/rules/orders.yml", "- requested_slot: null", "- language: en", "does not influence the conversation", "data/rules/orders.yml", "          - requested_slot"),
    ("a slot that nothing sets", "actions/orders.py", '[SlotSet("language", language)]', "[]", "Nothing sets the slot language", "domain.yml", "  language:"),
    ("a slot that nothing reads", "domain.yml", "  order_number:\n    type: text", "  colour: {type: text, mappings: [{type: from_text}]}\n  order_number:\n    type: text", "Nothing reads the slot colour", "domain.yml", "  order_number:"),
    ("a slot that only the code knows", "actions/orders.py", 'SlotSet("language", language)', 'SlotSet("language", language), SlotSet("tongue", 1)', "sets the slot tongue", "actions/orders.py", "        return [SlotSet"),
    ("a mapping to an entity that does not exist", "domain.yml", "entity: order_number}", "entity: parcel_number}", "names the entity parcel_number", "domain.yml", "      - {type: from_entity"),
    ("an entity that nothing finds", "domain.yml", "entities: [order_number]", "entities: [order_number, hat_size]", "hat_size is never found", "domain.yml", "entities:"),
    ("a form that cannot ask", "domain.yml", "  utter_ask_order_form_order_number:", "  utter_ask_order_number_please:", "cannot ask for order_number", "domain.yml", "    required_slots:"),
    ("a mark that names no entity of the domain", "data/nlu/orders.yml", "[CMD-100003](order_number)", "[CMD-100003](order)", "marked as order,", "data/nlu/orders.yml", "    - où est [CMD-100003]"),
    ("a mark whose bracket is open", "data/nlu/orders.yml", "[CMD-100003](order_number)", "[CMD-100003(order_number)", "a bracket is left over", "data/nlu/orders.yml", "    - où est [CMD-100003]"),
    ("a mark whose braces are not JSON", "data/nlu/orders.yml", "[CMD-100003](order_number)", "[CMD-100003]{entity: order_number}", "are not JSON", "data/nlu/orders.yml", "    - où est [CMD-100003]"),
    ("a phrase in two intents", "data/nlu/orders.yml", "    - hello 3\n", "    - OU EST cmd 100003\n", "teaches track_order here and greet", "data/nlu/orders.yml", "    - où est [CMD-100003]"),
    ("a phrase that stands twice", "data/nlu/orders.yml", "    - hello 3\n", "    - hello 3\n    - Hello 3\n", "stands twice in greet", "data/nlu/orders.yml", "    - hello 4\n"),
    ("too few phrases", "data/nlu/orders.yml", "    - hello 3\n", "", "greet has 24 phrases in English", "data/nlu/orders.yml", "    - hello 0"),
    ("a topic without English", "data/nlu/orders.yml", "language: en", "language: fr", "greet has no phrases in English", "domain.yml", "intents:"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "said", "at_file", "at"), [pytest.param(*f[1:], id=f[0]) for f in FAULTS])
def test_a_fault_is_named_with_its_place(tmp_path: Path, file: str, old: str, new: str, said: str, at_file: str, at: str) -> None:
    findings = _broken(tmp_path, file, old, new)
    fault = next((f for f in findings if said in f.message), None)
    assert fault, f"expected “{said}” in {[f.message for f in findings]}"
    assert (fault.file, fault.line) == (at_file, _line(at_file, at))


def test_one_expression_under_two_values_is_an_error(tmp_path: Path) -> None:
    terms = 'version: "3.1"\nnlu:\n- synonym: laptop\n  examples: |\n    - portable\n- synonym: smartphone\n  examples: |\n    - Portable\n'
    findings = validate(_write(tmp_path, {**FILES, "data/nlu/vocabulary.yml": terms}))
    assert [(f.level, f.line) for f in findings] == [("error", 8)]
    assert "laptop at data/nlu/vocabulary.yml:5" in findings[0].message


def test_titles_that_are_the_same_in_both_languages_by_nature_pass(tmp_path: Path) -> None:
    domain = DOMAIN.replace('"Suivre ma commande"', '"Nova 6"').replace('"Track my order"', '"Nova 6"').replace('"Merci"', '"SMS"').replace('"Thanks"', '"SMS"')
    assert validate(_write(tmp_path, {**FILES, "domain.yml": domain})) == []


def test_a_channel_with_every_language_passes(tmp_path: Path) -> None:
    spoken = '    - text: "Le numéro ?"\n      channel: sms\n    - text: "The number?"\n      channel: sms\n      condition: [{type: slot, name: language, value: en}]\n'
    domain = DOMAIN.replace(ENGLISH_NUMBER, ENGLISH_NUMBER + spoken)
    assert validate(_write(tmp_path, {**FILES, "domain.yml": domain})) == []


def test_an_entity_that_keeps_stories_from_matching_is_an_error(tmp_path: Path) -> None:
    story = 'version: "3.1"\nstories:\n  - story: thanks\n    steps: [{intent: track_order}, {action: utter_greet}]\n'
    files = {**FILES, "data/stories/thanks.yml": story}
    assert [f.line for f in validate(_write(tmp_path, files)) if "order_number influences" in f.message] == [_line("domain.yml", "entities:")]
    still = DOMAIN.replace("entities: [order_number]", "entities:\n  - order_number: {influence_conversation: false}")
    assert validate(_write(tmp_path, {**files, "domain.yml": still})) == []


def test_a_rule_after_which_a_typed_yes_means_nothing_is_doubtful(tmp_path: Path) -> None:
    story = """version: "3.1"
stories:
  - story: thanks
    steps: [{or: [{intent: track_order}]}, {action: utter_greet}, {intent: helped}, {action: utter_greet}]
"""
    domain = DOMAIN.replace("entities: [order_number]", "entities:\n  - order_number: {influence_conversation: false}")
    files = {**FILES, "domain.yml": domain, "data/stories/thanks.yml": story}
    findings = validate(_write(tmp_path, files))
    assert [(f.level, f.line) for f in findings if "“greet back” a typed helped" in f.message] == [("warning", _line("data/rules/orders.yml", "  - rule: greet"))]
    both = story.replace("[{intent: track_order}]", "[{intent: greet}, {intent: helped}]")
    assert validate(_write(tmp_path, {**files, "data/stories/thanks.yml": both})) == []


def test_an_intent_that_only_buttons_send_needs_no_phrases(tmp_path: Path) -> None:
    assert not [f for f in validate(_write(tmp_path, FILES)) if "helped" in f.message]


def test_a_file_that_cannot_be_read_is_reported_alone(tmp_path: Path) -> None:
    findings = _broken(tmp_path, "data/rules/orders.yml", "steps: [{intent: greet}", "steps: [{intent: greet")
    assert [(f.level, f.file) for f in findings] == [("error", "data/rules/orders.yml")]
    assert findings[0].line >= 4


def test_a_folder_without_a_domain_is_an_error(tmp_path: Path) -> None:
    assert [f.file for f in validate(tmp_path)] == ["domain.yml"]


def test_it_leaves_with_2_on_errors_and_prints_one_json_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write(tmp_path, {**FILES, "domain.yml": DOMAIN.replace(ENGLISH_NUMBER, "")})
    assert main(tmp_path, as_json=True) == 2
    report = json.loads(capsys.readouterr().out)
    assert (report["errors"], report["warnings"]) == (1, 0)
    assert report["findings"][0]["file"] == "domain.yml"


def test_it_leaves_with_0_on_warnings_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write(tmp_path, {**FILES, "data/nlu/orders.yml": FILES["data/nlu/orders.yml"].replace("    - hello 3\n", "")})
    assert main(tmp_path, as_json=False) == 0
    assert f"data/nlu/orders.yml:{_line('data/nlu/orders.yml', '    - hello 0')} The intent greet has 24 phrases" in capsys.readouterr().out


def test_the_project_itself_has_no_errors() -> None:
    assert [f for f in validate(PROJECT) if f.level == "error"] == []


@pytest.mark.parametrize(("family", "states"), [("utter_order_", ORDER_STATES), ("utter_ticket_is_", TICKET_STATES)])
def test_every_state_of_an_order_and_of_a_ticket_can_be_said(family: str, states: tuple[str, ...]) -> None:
    from savoir.learning.project_files import read_project

    responses = read_project(PROJECT).responses
    assert [state for state in states if family + state not in responses] == []
