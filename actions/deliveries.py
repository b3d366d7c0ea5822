"""What is wrong with a delivery: heard, claimed, and given to people with all that was said."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional

from rasa_sdk.events import SlotSet
from sqlalchemy.orm import Session

from actions.base import Events, TopicAction, Turn, context
from actions.copy import label
from actions.filing import answer_by, done_in_time, file_instead, filed
from actions.forms import NOT_KNOWN
from actions.order_form import OrderItemForm, shown
from savoir.conversations import service as conversations
from savoir.customers import service as customers

CATEGORY = "order.delivery"
NONE = "none"
"""The value of a slot that the customer would not or could not fill."""
ENOUGH_WORDS = 14
"""A message of so many words that names the problem tells it: no details are asked for."""
OF_AN_ARTICLE = ("damaged", "missing_item", "wrong_item")
PROBLEMS = {
    "empty": r"\b(?:vides?|empty)\b",
    "missing_item": r"\bmanqu|\bincomplet|\bil n'y a(?:vait)? qu|\bqu'un(?:e)? seul|\bque la moitie|\bmissing\b|\bincomplete\b|\bonly (?:got |received )?(?:one|half|part)\b|"
    r"\bpas dans le (?:colis|carton|paquet)\b|\bnot in the (?:box|parcel|package)\b|\bnot everything\b",
    "wrong_item": r"\b(?:pas|n'est pas) l[ae] bon(?:ne)?\b|\bmauvais(?:e)? (?:article|produit|modele|couleur|taille|colis|commande|appareil)|"
    r"\berreur d(?:e |')(?:article|produit|modele|colis|commande|couleur)|\bpas (?:celui|celle|ce) que j'ai (?:command|achet)|\bautre (?:article|produit|modele|chose) (?:que|a la place)|"
    r"\ba la place\b|\bwrong (?:item|product|model|colou?r|size|parcel|order|thing|one)|\b(?:not|isn'?t) (?:what|the one) i (?:ordered|bought)|\binstead of\b|\bsomeone else'?s\b",
    "damaged": r"\babim|\bcasse|\bendommag|\bdefonc|\becras|\bdechir|\bfendu|\bfissur|\bbrise|\braye|\bcaboss|\ben (?:mille )?(?:miettes|morceaux)|\bmouill|\btremp|\beventr|"
    r"\bdamag|\bbroken\b|\bsmash|\bcrush|\bdent(?:ed|s)?\b|\bcrack|\bscratch|\btorn\b|\bsoaked\b|\bshatter|\bripped\b",
    "not_received": r"\b(?:marque|indique|dit|note|affiche|declare|statut|suivi)\w*\b.{0,40}\blivr|\bpas (?:encore )?(?:ete )?(?:recu|livre|arriv)|\bjamais (?:ete )?(?:recu|arriv|livr|eu)|"
    r"\brien (?:recu|dans ma boite|a la maison)|\bintrouvable|\bvole\b|\bdisparu|\bperdu|\bnever (?:got|arrived|came|received|turned)|\bnot (?:been )?(?:received|arrived|delivered|here)|"
    r"\b(?:haven'?t|didn'?t|don'?t|hasn'?t|did not|have not) (?:got|get|received?|have|had|come|arrived?|turned)\b|\bsays (?:it was |it's )?delivered|\bmarked (?:as )?delivered|\bstolen\b|\blost\b",
    "late": r"\bretard|\btarde\b|\bdevait (?:arriver|etre livre)|\btoujours pas\b|\btrop long|\blate\b|\bdelay|\boverdue\b|\bstill (?:waiting|not|no)\b|\bshould have (?:arrived|been|come)",
}
"""Words by which customers name what is wrong, in folded text; the first that fits is meant."""
NO_PHOTO = re.compile(r"\b(?:pas de photo|sans photo|plus tard|aucune photo|no photo|without|later|skip|passer|passe|can'?t|peux pas)\b")
WISHES = {
    "resend": r"\b(?:renvo|nouvel envoi|nouveau colis|reexped|resend|send (?:it )?again|new (?:one|parcel)|replacement|another one)",
    "refund": r"\b(?:rembours|argent|refund|money)",
}


def problem_in(text: str) -> Optional[str]:
    """What a folded text says is wrong with a delivery; None where it says nothing of the kind."""
    return next((kind for kind, pattern in PROBLEMS.items() if re.search(pattern, text)), None)


class ValidateDeliveryProblemForm(OrderItemForm):
    """Which order, what is wrong with it, and what people need to settle it."""

    begins = ("report_delivery_problem",)
    any_words = ("problem_details",)
    of_order = ("order_item", "lost_parcel_wish")
    fresh = ("delivery_problem", "order_item", "lost_parcel_wish", "damage_photo", "problem_details")

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """Whatever the message tells of the problem is not asked for again."""
        asked, text = turn.slot("requested_slot"), turn.typed
        values: Dict[str, Any] = {}
        problem = problem_in(text)
        if not turn.slot("delivery_problem"):
            if problem is None and asked == "delivery_problem" and text and turn.slot("misses") and not NOT_KNOWN.search(text):
                problem = "other"  # said twice in words of their own: people will read them
            if problem:
                values["delivery_problem"] = problem
                if len(text.split()) >= ENOUGH_WORDS or problem == "other":
                    values["problem_details"] = turn.text
        if asked == "damage_photo" and not turn.slot("damage_photo"):
            if turn.metadata.get("photos"):
                values["damage_photo"] = "sent"
            elif NO_PHOTO.search(text):
                values["damage_photo"] = NONE
        if asked == "lost_parcel_wish" and not turn.slot("lost_parcel_wish"):
            wish = next((name for name, pattern in WISHES.items() if re.search(pattern, text)), None)
            values.update({"lost_parcel_wish": wish} if wish else {})
        turn.remember(values)
        return {**values, **await super().known(turn)}

    def is_answer(self, turn: Turn, slot: str) -> bool:
        """`Il est cassé` is here no report of a broken device, and `un remboursement` no question about one."""
        if slot == "delivery_problem":
            return problem_in(turn.typed) is not None
        if slot == "lost_parcel_wish":
            return any(re.search(pattern, turn.typed) for pattern in WISHES.values())
        if slot == "damage_photo":
            return bool(turn.metadata.get("photos") or NO_PHOTO.search(turn.typed))
        return super().is_answer(turn, slot)

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """Only what this problem and the state of this order ask for."""
        wanted, identified, problem = await super().needed(turn, slots), await shown(turn), turn.slot("delivery_problem")
        if not identified or not problem:
            return wanted
        at = context().clock()
        state = await turn.read(lambda s: customers.order_state(s, order_number=identified.order.number, at=at))
        is_absent = problem in ("late", "not_received") and state.kind != "delivered"
        is_lost = is_absent and any(parcel.kind == "lost" for parcel in state.parcels)
        is_settled = state.kind in ("cancelled", "returned", "refunded", "awaiting_payment", "in_preparation")
        dropped = set()
        if problem not in OF_AN_ARTICLE or is_settled:
            dropped |= {"order_item"}
        if problem != "damaged" or is_settled or await turn.read(lambda s: conversations.photos(s, turn.conversation)):
            dropped |= {"damage_photo"}
        if not is_lost:
            dropped |= {"lost_parcel_wish"}
        if is_absent or is_settled or problem == "late":
            dropped |= {"problem_details"}
        return [slot for slot in wanted if slot not in dropped]

    async def not_known(self, turn: Turn, slot: str) -> Optional[Dict[str, Any]]:
        """Everything but the order and the problem can be left out."""
        if slot in ("damage_photo", "problem_details"):
            return {slot: NONE}
        return {"order_item": "all"} if slot == "order_item" else await super().not_known(turn, slot)

    async def check_delivery_problem(self, turn: Turn, value: str) -> Dict[str, Any]:
        """One of those that we know."""
        return {"delivery_problem": value if value in (*PROBLEMS, "other") else None}

    async def check_problem_details(self, turn: Turn, value: str) -> Dict[str, Any]:
        """Whatever is said; nothing where nothing is said."""
        nothing = value.startswith("/") or (len(turn.typed.split()) <= 6 and NOT_KNOWN.search(turn.typed)) or turn.intent == "deny"
        return {"problem_details": NONE if nothing else value}


class ActionOpenDeliveryClaim(TopicAction):
    """Opens the claim and a ticket with everything said, and says what happens next and by when."""

    ends = True
    forgets = ("identity_proof", "delivery_problem", "order_item", "lost_parcel_wish", "damage_photo", "problem_details")

    async def handle(self, turn: Turn) -> Events:
        """What can't be claimed is said so; where the claim can't be noted now, the ticket stands for it."""
        identified = await shown(turn)
        if not identified:
            return turn.say("utter_identity_stopped")
        number, problem, at = str(identified.order.number), str(turn.slot("delivery_problem")), context().clock()
        lines = await turn.read(lambda s: customers.order_lines(s, identified.order))
        item = next((line for line in lines if str(line.position) == turn.slot("order_item")), None) if problem in OF_AN_ARTICLE else None
        product = item.product if item else None
        facts = _facts(turn, problem, item)

        def claim(session: Session) -> Any:
            made: Any = None
            if problem != "other":
                made = customers.open_claim(
                    session, order_number=number, kind=problem, key=turn.key, at=at, note=_details(turn), products=[product] if product else [],
                )
            if isinstance(made, customers.ClaimRefused):
                return made, None
            return made, filed(turn, session, category=CATEGORY, order=number, matter=_details(turn) or facts, product=product, facts=facts)

        done = await done_in_time(turn, claim)
        if done is None:
            return await file_instead(turn, category=CATEGORY, order=number, product=product, facts=facts)
        made, ticket = done
        if isinstance(made, customers.ClaimRefused):
            return turn.say(f"utter_claim_refused_{made.reason}", number=number, expected=turn.day(made.expected_on), since=turn.day(made.since),
                            buttons=_after_refusal(turn, made.reason))
        spoken = {"number": ticket.ticket.number, "order": number, "by": turn.day(made.answer_on) if made and made.answer_on else answer_by(turn, ticket.ticket)}
        if made is None:
            turn.say("utter_delivery_ticket", **spoken)
        elif isinstance(made, customers.ClaimAlreadyOpen):
            turn.say("utter_claim_already_open", since=turn.day(made.opened_at), **spoken)
        elif made.remedy == "resend_or_refund":
            turn.say("utter_claim_refund_lost" if turn.slot("lost_parcel_wish") == "refund" else "utter_claim_resend", **spoken)
        else:
            turn.say(f"utter_claim_{made.remedy}", enquiry=turn.day(made.enquiry_on), **spoken)
        return [SlotSet("ticket_number", ticket.ticket.number)]


def _details(turn: Turn) -> str:
    details = turn.slot("problem_details")
    return str(details) if details and details != NONE else ""


def _facts(turn: Turn, problem: str, item: Any) -> str:
    """What was found out, in a line for who reads the ticket."""
    wish = turn.slot("lost_parcel_wish")
    parts = [label(f"problem_{problem}", turn.language), item.name if item else "", label(f"wish_{wish}", turn.language) if wish else ""]
    return " – ".join(part for part in parts if part)


def _after_refusal(turn: Turn, reason: str) -> List[Dict[str, Any]]:
    if reason == "arrived":
        return [turn.button("report_delivery_problem", name="not_received", delivery_problem="not_received"), turn.button("decline", name="received")]
    return [turn.button("ask_refund")] if reason in ("cancelled", "returned", "refunded") else [turn.button("speak_to_human")]
