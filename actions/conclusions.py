"""What follows from a fault: it works again, an article, a part, a repair, a ticket, or people at once."""

from __future__ import annotations

from typing import Any, Awaitable, Callable, Dict, List

from rasa_sdk.events import FollowupAction, SlotSet

from actions import damage, guiding, safety
from actions import device as devices
from actions.base import Events, TopicAction, Turn
from actions.faults import article_card
from actions.guiding import Guided
from savoir.diagnosis import service as diagnosis
from savoir.knowledge import service as knowledge
from savoir.tickets import service as tickets

FEW_WORDS = 3
"""With fewer, no article can be sure to answer."""


class ActionConcludeFault(TopicAction):
    """Says how a fault goes on once the diagnosis is at its end, or there is none for it."""

    async def handle(self, turn: Turn) -> Events:
        """By the kind of end."""
        guided = guiding.kept(turn)
        said = diagnosis.now(guided.walk, language=turn.language).text if guided.walk and guided.end != "none" else ""
        follow = CONCLUSIONS.get(guided.end or "none", to_people)
        return [*await follow(turn, guided, said), SlotSet("confirmed", None)]


async def solved(turn: Turn, guided: Guided, said: str) -> Events:
    """It works again. What was found out is kept for this conversation."""
    turn.matter_ends = True
    turn.say("utter_fault_solved", said=_lead(said))
    return [SlotSet("diagnosis", Guided(guided.device, guided.symptom, end="solved", facts=guided.facts).as_json()), SlotSet("symptom", None)]


async def article(turn: Turn, guided: Guided, said: str) -> Events:
    """The article that the tree names."""
    assert guided.walk is not None
    card = await article_card(turn, diagnosis.now(guided.walk, language=turn.language).article)
    if card is None:
        return await to_people(turn, guided, said)
    turn.say("utter_fault_article", said=said or card["title"], cards=[card])
    return _ask_whether_it_helped(turn)


async def repair(turn: Turn, guided: Guided, said: str) -> Events:
    """Only the workshop can help: free of charge, or at what price."""

    def look(session: Any) -> Dict[str, Any]:
        cover = devices.cover_of(session, turn, guided.device, is_accident=False)
        return {
            "cover": cover, "device": devices.name_of(session, guided.device, turn.language),
            "price": devices.price_words(session, turn, guided.device, guided.symptom),
        }

    found = await turn.read(look)
    cover = found["cover"]
    turn.say(
        f"utter_fault_repair_{cover.outcome}", said=_lead(said), device=found["device"], price=found["price"],
        until=turn.day(cover.until, "d MMMM y"), buttons=repair_buttons(turn),
    )
    return []


async def part(turn: Turn, guided: Guided, said: str) -> Events:
    """A part that the customer can fit: what it costs, whether it is there, and the guarantee where it pays."""
    assert guided.walk is not None
    kind = diagnosis.now(guided.walk, language=turn.language).part
    model = guided.device.model if guided.device else None
    order = turn.button("order_spare_part", name="order_part", means="affirm", part_kind=kind, **({"product_model": model} if model else {}))
    others = [turn.button("open_ticket", name="open_case", request="fault"), turn.button("decline", name="not_now", means="deny")]
    if not model:
        turn.say("utter_fault_part_of_which_model", said=_lead(said), buttons=[order, *others])
        return []
    cover, found = await turn.read(
        lambda s: (devices.cover_of(s, turn, guided.device, is_accident=False), diagnosis.find_parts(s, product=model, kind=kind).parts)
    )
    one = next(iter(found), None)
    if one is None or not one.is_self_fit:
        return await repair(turn, guided, said)
    if cover.is_free:
        turn.say("utter_fault_part_covered", said=_lead(said), until=turn.day(cover.until, "d MMMM y"), buttons=[*repair_buttons(turn)[:1], order, others[1]])
        return []
    name, price = (one.name_fr if turn.language == "fr" else one.name_en), turn.amount(int(one.price_cents))
    if one.stock > 0:
        turn.say("utter_fault_part_in_stock", said=_lead(said), part=name, price=price, buttons=[order, *others])
    else:
        turn.say("utter_fault_part_out_of_stock", said=_lead(said), part=name, price=price, buttons=[order, *others])
    return []


async def to_people(turn: Turn, guided: Guided, said: str) -> Events:
    """A person goes on, with all that was said and tried."""
    turn.say("utter_fault_to_people", said=_lead(said))
    return [SlotSet("request", "fault"), FollowupAction("ticket_form")]


async def without_tree(turn: Turn, guided: Guided, said: str) -> Events:
    """An article, if one surely answers; else people."""
    told = max(guiding.told(turn), key=len, default="")
    model = guided.device.model if guided.device else None
    if len(told.split()) < FEW_WORDS:
        return await to_people(turn, guided, said)
    answer = await turn.read(lambda s: knowledge.answer_question(s, question=told, language=turn.language, product=model))
    category = tickets.category_of("report_fault", guided.symptom if guided.symptom != devices.OTHER else None)
    found = answer.article if answer.kind == "direct" else None
    is_about_it = found is not None and await turn.read(lambda s: _is_filed_under(s, found, category))
    card = await article_card(turn, found.article) if found is not None and is_about_it else None
    if card is None:
        return await to_people(turn, guided, said)
    turn.say_text(answer.passage, cards=[card])
    return _ask_whether_it_helped(turn)


async def danger(turn: Turn, guided: Guided, said: str) -> Events:
    """People at once."""
    return await safety.alert(turn, said=said)


async def wet(turn: Turn, guided: Guided, said: str) -> Events:
    """Water is damage, whatever it was called."""
    turn.say("utter_liquid_first")
    return await damage.conclude(turn, guided.device, "liquid")


CONCLUSIONS: Dict[str, Callable[[Turn, Guided, str], Awaitable[Events]]] = {
    "solved": solved, "article": article, "repair": repair, "part": part, "ticket": to_people, "safety": danger, "damage": wet, "none": without_tree,
}


def repair_buttons(turn: Turn) -> List[Dict[str, Any]]:
    """What can be done about a device that needs the workshop."""
    return damage.repair_buttons(turn, request="fault")


def _is_filed_under(session: Any, found: Any, category: str) -> bool:
    """Whether an article is about such faults: one that tells how to use a device answers no fault of it."""
    row = knowledge.article(session, id=found.article, language=found.language)
    return row is not None and category in row.categories


def _lead(said: str) -> str:
    """What a tree found out, to stand before what follows from it."""
    return f"{said} " if said else ""


def _ask_whether_it_helped(turn: Turn) -> Events:
    return turn.say("utter_did_it_help", buttons=[turn.button("helped", means="affirm"), turn.button("did_not_help", means="deny")])
