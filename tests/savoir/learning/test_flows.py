"""The picture of the flows shows what rules, forms and actions say."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from savoir.core.settings import PROJECT
from savoir.learning.flow_picture import page, picture
from savoir.learning.flows import Topic, topics
from savoir.learning.project_files import Project, read_project

DOMAIN = """
intents: [track_order, affirm]
slots:
  order_number: {type: text, influence_conversation: false, mappings: [{type: from_entity, entity: order_number}]}
forms:
  order_form: {required_slots: [order_number]}
actions: [action_track_order]
responses:
  utter_ask_order_number:
    - text: "Quel numéro ?"
    - text: "Which number?"
      condition: [{type: slot, name: language, value: en}]
  utter_order_shipped: [{text: "En route & bientôt là", buttons: [{title: "Une personne", payload: "/speak_to_human"}]}]
  utter_order_lost: [{text: "Perdue"}]
"""
RULES = """
rules:
  - rule: begin
    steps: [{intent: track_order}, {action: order_form}, {active_loop: order_form}]
  - rule: end
    condition: [{active_loop: order_form}]
    steps: [{action: order_form}, {active_loop: null}, {action: action_track_order}]
"""
CODE = """
from rasa_sdk import Action

class ActionTrackOrder(Action):
    def run(self, dispatcher, tracker, domain):
        return _tell(dispatcher, "shipped")

def _tell(turn, state):
    return turn.say(f"utter_order_{state}")
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "data" / "rules").mkdir(parents=True)
    (tmp_path / "actions").mkdir()
    (tmp_path / "domain.yml").write_text(DOMAIN)
    (tmp_path / "data" / "rules" / "orders.yml").write_text(RULES)
    (tmp_path / "actions" / "orders.py").write_text(CODE)
    return read_project(tmp_path)


def test_an_intent_leads_over_the_form_with_its_questions_to_what_the_action_may_say(project: Project) -> None:
    (topic,) = topics(project, "en")
    assert topic.name == "orders"
    assert topic.edges == [("intent track_order", "form order_form"), ("form order_form", "action action_track_order")]
    assert [(said.name, said.text) for said in topic.nodes["form order_form"].says] == [("order_number", "Which number?")]
    said = topic.nodes["action action_track_order"].says
    assert {one.name for one in said} == {"utter_order_shipped", "utter_order_lost"}
    assert said[0].buttons == [("Une personne", "speak_to_human")]


def test_the_picture_is_well_formed_and_holds_every_node(project: Project) -> None:
    (topic,) = topics(project, "fr")
    root = ET.fromstring(picture(topic))
    texts = [element.text for element in root.iter() if element.tag.endswith("text")]
    for shown in ("track_order", "order_form", "action_track_order", "“Quel numéro ?”", "“En route & bientôt là”", "[Une personne] → speak_to_human"):
        assert shown in texts
    assert len([element for element in root.iter() if element.tag.endswith("rect")]) == 3


def test_a_circle_has_an_end() -> None:
    from savoir.learning.flows import Node

    topic = Topic("circle", {name: Node(name, "action", name) for name in "abc"}, [("a", "b"), ("b", "c"), ("c", "a")])
    ET.fromstring(picture(topic))


def test_every_intent_that_a_rule_of_the_project_answers_is_in_the_picture() -> None:
    project = read_project(PROJECT)
    shown = page(topics(project, "fr"), "fr")
    intents = {mention.name for story in project.stories if story.kind == "rule" for mention in story.steps if mention.kind == "intent"}
    assert [intent for intent in intents if f">{intent}<" not in shown] == []
