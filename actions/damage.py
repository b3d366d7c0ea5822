"""A device that was dropped, broken or got wet: first advice, what the guarantee says, what the repair costs."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional

from rasa_sdk.events import SlotSet

from actions import device as devices
from actions import guiding
from actions.base import Events, TopicAction, Turn
from actions.copy import label
from actions.device import NONE, OTHER, Device
from actions.forms import TopicForm

WORDS = {
    "liquid": r"eau|mouille\w*|trempe\w*|liquide|renverse\w*|cafe|(?:du|un|mon|de) the|biere|vin|jus|soda|coca|lait|soupe|pluie|piscine|mer|bain|toilettes|wc|evier|machine a laver|noye\w*|"
              r"water|wet|soaked|spil\w+|liquid|coffee|tea|beer|wine|juice|milk|soup|rain|pool|sea|bath|toilet|sink|washing machine|drowned|drenched",
    "screen": r"ecran|vitre|dalle|verre|fissure\w*|fele\w*|etoile\w*|screen|glass|cracked|shattered",
    "fall": r"tomb\w*|chute\w*|laisse tomber|echappe\w*|fait tomber|drop\w*|fell|fallen|falling",
    "shock": r"ecrase\w*|choc|cogne\w*|marche dessus|roule dessus|assis\w*|tordu\w*|plie\w*|mordu\w*|mange|croque\w*|arrache\w*|casse\w*|brise\w*|crush\w*|stepped|sat on|"
             r"bent|bitten|chewed|ripped|snapped|broke\w*|smashed|ran over|run over|hit",
}
"""What happened, in folded text, the most pressing first."""
SYMPTOM_OF = {"liquid": "water", "screen": "screen"}
"""What the usual price is asked for."""


class ValidateDamageForm(TopicForm):
    """The device, and what happened to it. Who tells of a liquid hears at once what to do."""

    begins = ("report_physical_damage",)
    fresh = ("damage",)

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """What the message says of both."""
        if turn.moment == "back":
            return {}
        named = await devices.named(turn)
        told = turn.slot("product_type") in (NONE, OTHER)
        one = named or (None if told else await devices.of_model(turn))
        happened = turn.slot("damage") or damage_in(turn)
        if happened == "liquid" and not turn.slot("damage"):
            turn.say("utter_liquid_first")
        if turn.moment == "answer" and not happened and turn.slot("requested_slot") == "damage" and turn.typed:
            happened = OTHER
        is_second_miss = turn.moment == "answer" and turn.slot("requested_slot") == "product_type" and int(turn.slot("misses") or 0) >= 1
        names = one.slots() if one else {"product_type": NONE} if is_second_miss and turn.typed else {}
        return {**names, "damage": happened, "diagnosis": guiding.Guided(facts=guiding.kept(turn).facts).as_json()}

    async def not_known(self, turn: Turn, slot: str) -> Optional[Dict[str, Any]]:
        """People can go on without either."""
        return {"product_type": {"product_type": NONE}, "damage": {"damage": OTHER}}.get(slot)

    async def check_product_type(self, turn: Turn, value: str) -> Dict[str, Any]:
        """`Another one` shows the kinds of devices; what was not known at another time is asked."""
        if value == OTHER:
            return {"product_type": None, "asked": OTHER}
        return {"product_type": None if value == NONE and turn.moment == "beginning" else value}

    async def check_damage(self, turn: Turn, value: str) -> Dict[str, Any]:
        """A button: a liquid still needs the advice."""
        if value == "liquid":
            turn.say("utter_liquid_first")
        return {"damage": value}


class ActionAskDamageFormProductType(TopicAction):
    """Asks which device."""

    async def handle(self, turn: Turn) -> Events:
        """Their own as buttons, where it is known who they are."""
        return turn.say("utter_ask_damage_form_product_type", buttons=await devices.buttons(turn))


class ActionAskDamage(TopicAction):
    """Asks what happened."""

    async def handle(self, turn: Turn) -> Events:
        """The usual mishaps as buttons; their own words do too."""
        kinds = ("fall", "screen", "liquid", OTHER)
        return turn.say("utter_ask_damage", buttons=[
            {"title": label(f"damage_{kind}", turn.language), "payload": f'/inform{{"damage": "{kind}"}}'} for kind in kinds
        ])


class ActionConcludeDamage(TopicAction):
    """Says, kindly, that no guarantee covers it, and what can be done."""

    forgets = ("confirmed",)

    async def handle(self, turn: Turn) -> Events:
        """With the price of the usual repair."""
        return await conclude(turn, devices.of_slots(turn), turn.slot("damage") or OTHER)


class ActionTakePhoto(TopicAction):
    """A photo alone: kept, and what it is of is asked, unless that is known."""

    async def handle(self, turn: Turn) -> Events:
        """After a damage, what can be done about it is offered once more."""
        if turn.slot("request") == "damage" and turn.slot("damage"):
            return turn.say("utter_photo_of_damage", buttons=repair_buttons(turn, request="damage"))
        return turn.say("utter_photo_received")


async def conclude(turn: Turn, one: Optional[Device], happened: str) -> Events:
    """What the guarantee says, the price, a photo invited, and what can be done next."""
    named = next((str(e["value"]) for e in turn.entities if e.get("entity") == "symptom"), None)
    symptom = SYMPTOM_OF.get(happened) or named or turn.slot("symptom")

    def look(session: Any) -> Dict[str, Any]:
        cover = devices.cover_of(session, turn, one, is_accident=True)
        return {
            "device": devices.name_of(session, one, turn.language), "until": cover.until, "price": devices.price_words(session, turn, one, symptom),
        }

    found = await turn.read(look)
    words = {"device": found["device"], "price": found["price"], "buttons": repair_buttons(turn, request="damage")}
    if found["until"]:
        turn.say("utter_damage_not_covered_but_faults", until=turn.day(found["until"], "d MMMM y"), **words)
    else:
        turn.say("utter_damage_not_covered", **words)
    return [SlotSet("damage", happened), SlotSet("symptom", symptom), SlotSet("request", "damage")]


def damage_in(turn: Turn) -> Optional[str]:
    """What the message says that happened."""
    return next((kind for kind, pattern in WORDS.items() if re.search(rf"\b(?:{pattern})\b", turn.typed)), None)


def repair_buttons(turn: Turn, *, request: str) -> List[Dict[str, Any]]:
    """A repair, a ticket, or nothing for now."""
    return [
        turn.button("book_repair", name="book_repair", means="affirm"), turn.button("open_ticket", name="open_case", request=request),
        turn.button("decline", name="not_now", means="deny"),
    ]
