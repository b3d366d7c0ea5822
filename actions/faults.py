"""A device at fault: which one, what it does, and a guided diagnosis where there is a tree for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Optional, Tuple

from actions import device as devices
from actions import guiding, safety
from actions.base import Events, TopicAction, Turn
from actions.device import NONE, OTHER, Device
from actions.forms import AT_ONCE, SURE, TopicForm, leave
from actions.guiding import Guided
from savoir.diagnosis import service as diagnosis
from savoir.knowledge import service as knowledge

NEAR = {
    "report_fault", "report_physical_damage", "ask_how_to", "ask_product_information", "order_spare_part", "book_repair", "check_warranty", "thank", "greet",
    "give_praise", "close_ticket", "reset_password", "make_complaint",
}
"""What an answer to a question about a device may look like: `j'ai changé le câble`, `parfait, ça marche`."""
FEW_WORDS = 3


class ValidateFaultForm(TopicForm):
    """The device, what it does, and the answers of the diagnosis: one slot, asked again and again until the walk is at its end."""

    begins = ("report_fault",)
    fresh = ("confirmed", "diagnosis_answer")

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """The device and the symptom; whether to go on with a diagnosis that was left; then its answers."""
        guided = guiding.kept(turn)
        if guided.end:
            return []
        if guided.is_under_way:
            return ["diagnosis_answer"]
        return ["confirmed"] if guided.is_open else ["product_type", "symptom"]

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """What the message says; what the diagnosis is about stays, whatever an answer to it names."""
        guided = guiding.kept(turn)
        if turn.moment == "beginning":
            return await self._begun(turn, guided)
        if guided.is_under_way or guided.end:
            return guided.slots(diagnosis_answer=None)  # what led away from the question is no answer to it
        named = await devices.named(turn) if turn.moment == "answer" else None
        if guided.is_open and turn.slot("confirmed") is True:
            return self._resumed(guided)
        if guided.is_open and turn.slot("confirmed") is False:
            symptom = guiding.symptom_named(turn, named) or turn.slot("symptom")
            return self._with(turn, Guided(), named or guided.device, symptom)
        if guided.is_open:  # whether to go on was asked, and not answered with a yes or a no
            symptom = guiding.symptom_named(turn, named or guided.device)
            is_other = (named and guided.device and not named.is_like(guided.device)) or (symptom and not guiding.same_tree(guided, symptom))
            return self._with(turn, Guided(guided.device, facts=guided.facts), named or guided.device, symptom) if is_other else guided.slots(symptom=turn.slot("symptom"))
        told = turn.slot("product_type") in (NONE, OTHER) and turn.slot("product_type")
        one = named or (None if told else await devices.of_model(turn))
        symptom = guiding.symptom_named(turn, one) or turn.slot("symptom")
        asked = turn.slot("requested_slot") if turn.moment == "answer" else None
        is_second_miss = int(turn.slot("misses") or 0) >= 1
        if asked == "symptom" and not symptom and turn.typed and (len(turn.typed.split()) >= FEW_WORDS or is_second_miss) and not named:
            symptom = OTHER  # their own words: an article or a person will know
        if asked == "product_type" and one is None and turn.typed and is_second_miss and not told:
            return self._with(turn, guided, None, symptom, told=NONE)
        return self._with(turn, guided, one, symptom, told=told or None)

    async def not_known(self, turn: Turn, slot: str) -> Optional[Dict[str, Any]]:
        """A person can go on without the device, or the word for what it does."""
        return {"product_type": {"product_type": NONE}, "symptom": {"symptom": OTHER}}.get(slot)

    async def check_product_type(self, turn: Turn, value: str) -> Dict[str, Any]:
        """`Another one` shows the kinds of devices."""
        return {"product_type": None, "asked": OTHER} if value == OTHER else {"product_type": value}

    async def check_diagnosis_answer(self, turn: Turn, value: str) -> Dict[str, Any]:
        """Takes the walk on. The answer itself is not kept: the next question is asked into the same slot."""
        guided = guiding.kept(turn)
        assert guided.walk is not None
        nothing: Dict[str, Any] = {"diagnosis_answer": None}
        if not turn.typed:
            place, _, said = (turn.value_pressed("diagnosis_answer") or "").partition(":")
            if place != guided.walk.place:
                return nothing  # a button of an earlier question: the present one stands
            return {**nothing, **self._answered(turn, guided, said)}
        corrected = await self._corrected(turn, guided)
        if corrected:
            return {**nothing, **corrected}
        means = diagnosis.reads(guided.walk, text=turn.text)
        if guiding.typed_is(guiding.LATER, turn.text):
            paused = replace(guided, is_under_way=False)
            turn.say("utter_diagnosis_kept")
            return leave({**nothing, **paused.slots()})
        if guiding.typed_is(guiding.WAIT, turn.text) and means in (None, diagnosis.CANNOT):
            return {**nothing, "asked": "waits"}
        if turn.intent in ("ask_repeat", "ask_for_help") and means is None and not guided.walk.helped:
            return {**nothing, "asked": "explains", "diagnosis": replace(guided, walk=replace(guided.walk, helped=True)).as_json()}
        return {**nothing, **self._answered(turn, guided, turn.text)}

    def _answered(self, turn: Turn, guided: Guided, said: str) -> Dict[str, Any]:
        assert guided.walk is not None
        answered = diagnosis.answer(guided.walk, said=said)
        after = guiding.moved(guided, answered.walk, turn.language)
        if safety.clear_hazard(turn.text) and after.end != "safety":
            after = replace(guided, is_under_way=False, end="safety")
        moved_on = answered.walk.place != guided.walk.place
        how = "goes_on" if moved_on else "explains" if answered.understood else "again"
        return {"diagnosis": after.as_json(), **guided.slots(diagnosis=after.as_json()), "asked": how}

    async def _corrected(self, turn: Turn, guided: Guided) -> Optional[Dict[str, Any]]:
        """Another device or another symptom than the one that is looked at, where the message says so."""
        named = await devices.named(turn)
        assert guided.walk is not None
        if named and guided.device and not named.is_like(guided.device) and guiding.is_correction(turn):
            return self._with(turn, Guided(facts=guided.facts, device=guided.device), named, guiding.symptom_named(turn, named) or guided.symptom)
        symptom = guiding.symptom_named(turn, guided.device)
        is_new = symptom is not None and symptom != guided.symptom and not guiding.same_tree(guided, symptom)
        if is_new and turn.intent == "report_fault" and guiding.is_correction(turn) and guided.device:
            return self._with(turn, guided, guided.device, symptom)
        return None

    def _is_left(self, turn: Turn, asked: Optional[str], found: Dict[str, Any]) -> bool:
        """An answer that can be read is one, unless it surely asks for something quite different."""
        guided = guiding.kept(turn)
        if asked != "diagnosis_answer" or guided.walk is None or turn.intent in self.begins:
            return super()._is_left(turn, asked, found)
        if not turn.typed:
            return super()._is_left(turn, None, {})
        means = diagnosis.reads(guided.walk, text=turn.text)
        if guiding.is_correction(turn) and any(e.get("entity") in ("product_type", "product_model") for e in turn.entities) and turn.intent not in AT_ONCE:
            return False
        if turn.intent == "report_safety_issue":
            return means is None and not guiding.typed_is(guiding.WAIT, turn.text)
        is_pause = guiding.typed_is(guiding.LATER, turn.text) or guiding.typed_is(guiding.WAIT, turn.text)
        if turn.intent in AT_ONCE:
            return (means is None or turn.confidence >= SURE) and not (is_pause and turn.intent == "stop")
        if means is not None or is_pause:
            return turn.intent not in NEAR and turn.confidence >= SURE and super()._is_left(turn, asked, found)
        return super()._is_left(turn, None, {})

    def _asked_again(
        self, turn: Turn, moment: str, asked: Optional[str], following: Optional[str], found: Dict[str, Any]
    ) -> Tuple[int, Optional[str]]:
        """A diagnosis goes on by itself after two answers that were none: it needs no count."""
        if following != "diagnosis_answer" or asked != following:
            return super()._asked_again(turn, moment, asked, following, found)
        return 0, "back" if moment == "back" else "photo" if turn.intent == "share_photo" else None

    async def _begun(self, turn: Turn, guided: Guided) -> Dict[str, Any]:
        """What the first message says, what was known before it, and the diagnosis that was left."""
        hazard = safety.clear_hazard(turn.text) if turn.typed else None
        if hazard:
            return Guided(devices.of_slots(turn), guided.symptom, end="safety").slots()
        named = await devices.named(turn)
        symptom = guiding.symptom_named(turn, named or guided.device)
        about_it = guided.device is not None and (named is None or named.is_like(guided.device))
        if guided.is_open and about_it and (symptom is None or guiding.same_tree(guided, symptom)):
            return self._resumed(guided) if _was_offered(turn) else replace(guided, is_under_way=False).slots(symptom=symptom)
        is_new = guided.end is not None and not turn.typed  # "report a fault" is pressed once more: another one
        one = named or (None if is_new else await devices.of_model(turn))
        return self._with(turn, guided, one, symptom or (turn.slot("symptom") if guided.end is None else None))

    def _with(self, turn: Turn, before: Guided, one: Optional[Device], symptom: Optional[str], told: Optional[str] = None) -> Dict[str, Any]:
        """The slots for what is known; the diagnosis is begun once it is enough."""
        symptom = None if symptom == NONE else symptom
        if one is None and told == NONE:
            return Guided(None, symptom, end="none", facts=before.facts).slots(product_type=NONE, product_model=None, damage=None)
        if one is None or symptom is None:
            waiting = Guided(before.device, facts=before.facts)
            names = one.slots() if one else {"product_type": None, "product_model": None}
            return {**names, "symptom": symptom, "diagnosis": waiting.as_json(), "damage": None}
        guided = guiding.begun(before, one, symptom, turn.language)
        return guided.slots(asked="begins", damage=None)

    def _resumed(self, guided: Guided) -> Dict[str, Any]:
        assert guided.walk is not None
        return replace(guided, is_under_way=True, walk=replace(guided.walk, helped=False)).slots(asked="resumes")


class ActionAskFaultFormProductType(TopicAction):
    """Asks which device."""

    async def handle(self, turn: Turn) -> Events:
        """Their own as buttons, where it is known who they are."""
        return turn.say("utter_ask_fault_form_product_type", buttons=await devices.buttons(turn))


class ActionAskFaultFormSymptom(TopicAction):
    """Asks what the device does."""

    async def handle(self, turn: Turn) -> Events:
        """The most usual of that kind as buttons; their own words do too."""
        one = devices.of_slots(turn)
        shown = [turn.button("inform", name=f"symptom_{s}", symptom=s) for s in (guiding.usual_symptoms(one) if one else [])]
        name = await turn.read(lambda s: devices.name_of(s, one, turn.language))
        return turn.say("utter_ask_fault_form_symptom", device=name[:1].upper() + name[1:], buttons=[*shown, turn.button("inform", name="symptom_other", symptom=OTHER)])


class ActionAskFaultFormConfirmed(TopicAction):
    """Asks whether to go on where a diagnosis was left."""

    async def handle(self, turn: Turn) -> Events:
        """Names the device."""
        name = await turn.read(lambda s: devices.name_of(s, guiding.kept(turn).device, turn.language))
        return turn.say("utter_ask_fault_form_confirmed", device=name[:1].upper() + name[1:], buttons=turn.yes_or_no())


class ActionAskDiagnosisAnswer(TopicAction):
    """Says the question or the step at which the diagnosis stands."""

    async def handle(self, turn: Turn) -> Events:
        """With its buttons, and the article that shows how."""
        guided = guiding.kept(turn)
        assert guided.walk is not None
        prompt = diagnosis.now(guided.walk, language=turn.language)
        is_repeated = prompt.kind == "step" and turn.slot("asked") in ("again", "photo", "waits", "explains")
        question = prompt.then if is_repeated else "\n\n".join(part for part in (prompt.text, prompt.then) if part)
        cards = [card for card in [await article_card(turn, prompt.article)] if card and not is_repeated]
        return turn.say("utter_ask_diagnosis_answer", question=question, buttons=guiding.buttons(turn, guided), cards=cards)


async def article_card(turn: Turn, article: Optional[str]) -> Optional[Dict[str, Any]]:
    """An article to open, or None where it is not there."""
    found = await turn.read(lambda s: knowledge.article_answer(s, article=article, language=turn.language)) if article else None
    if found is None:
        return None
    return {"title": found.title, "lines": [], "url": found.url, "link_label": "Lire l'article" if turn.language == "fr" else "Read the article"}


def _was_offered(turn: Turn) -> bool:
    """Whether the request was taken up again from the offer at the end of another one."""
    return any("utter_also_wanted" in (reply.get("metadata") or {}).values() for reply in turn.last_replies())
