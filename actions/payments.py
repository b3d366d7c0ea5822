"""Payments that went wrong: explained where the order explains them, else noted and left to people; what nobody ordered is fraud."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional

from actions import words
from actions.amounts import amount_of
from actions.base import Events, TopicAction, Turn, context
from actions.codes import of_customer
from actions.forms import leave
from actions.left_to_people import leave_to_people
from actions.order_form import OrderForm, shown
from actions.plain_answers import plain_answer
from savoir.customers import service as customers

UNKNOWN = "unknown"
"""An amount that the customer can't tell."""
NONE = "none"
TAKEN = r"(?:debit\w*|prelev\w*|pris\w*|prend\w*|encaiss\w*|factur\w*|paye\w*|charg\w*|compt\w*|taken|took|bill\w*|cashed|put through|keyed)"
PROBLEMS = (
    ("double_charge", re.compile(
        rf"\b{TAKEN}\b(?:\W+\w+){{0,4}}?\W+(?:deux|2)\s?(?:fois|x)\b|\b(?:deux|2)\s?(?:fois|x)\b(?:\W+\w+){{0,3}}?\W+{TAKEN}|\ben double\b|\bdoub(?:le|lon)\w* ?(?:debit|prelev|pai|pay|charg|bill)?|"
        r"\btwice\b|\b2x\b|\b(?:two|2|deux) (?:debits?|charges?|payments?|lignes?|mensualites|prelevements|instal+ments|debited)\b|\bduplicate\b|\bdeux fois la meme\b|\bmeme somme\b|\bsame (?:sum|amount)\b|\b4 prelevement"
    )),
    ("unknown_charge", re.compile(
        r"\b(?:re)?connais (?:pas|rien)|\bne (?:re)?connais\b|\bm'explique pas\b|\bcomprends? pas ce|\binconnu\w*|\bjamais (?:rien )?(?:commande|achete|autorise)|\bn'ai rien (?:commande|achete)|"
        r"\bc'?est quoi ce (?:debit|prelevement|paiement)|\b(?:do ?n'?t|not) recogni[sz]e|\bunknown (?:charge|payment)|\bunrecogni[sz]ed|\bcan'?t account for|\bnever (?:ordered|bought)|\bprelevement (?:mysterieux|que je)|\bwhat(?:'s| is) this charge"
    )),
    ("wrong_amount", re.compile(
        r"\bau lieu de\b|\binstead of\b|\btrop (?:paye|preleve|cher|debite|factur)|\ben trop\b|\bplus cher\b|\bovercharg\w*|\b(?:wrong|incorrect|different) (?:amount|charge|price|sum)|\bmauvais montant\b|\bmontant\b|\bcorrespond\w* pas|"
        r"\b(?:doesn'?t|does not) match|\bpromo\w*|\bremise\b|\bdiscount\b|\bfrais de port\b|\b(?:shipping|postage)\b|\blivraison (?:gratuite|offerte)|\btoo much\b|\bmore than\b|\bplus que\b|\bsomme bizarre\b|\bmore money\b|\bso much\b|\bsi cher\b|\bwhy (?:was|am|did|have)\b|\bpourquoi (?:ce |cette |j'ai |m'avez|on m'a|vous )|\btarif\b|\bfull price\b"
    )),
    ("failed_payment", re.compile(
        r"\brefus\w*|\bdeclin\w*|\becho\w*|\bechec\b|\brejet\w*|\bbloqu\w*|\b(?:marche|passe|fonctionne) (?:pas|plus|toujours pas)|\bplante\b|\bbug\w*|\berreur (?:de|au) paiement|\bimpossible\b|\b(?:ca|no)n'?t pay|\bcannot pay|\bfail\w*|"
        r"\b(?:wo)?n'?t (?:go|work)|\bnot working|\bpage blanche|\bblank page|\btimed out|\bpeux? pas payer|\berror\b|\breject\w*|\bunable\b|\b3d secure\b|\bstuck\b"
    )),
)  # fmt: skip
"""What is wrong, by what is said, in folded text; the first that fits."""


class ValidatePaymentForm(OrderForm):
    """What is wrong with a payment, of which order, how much; and whether what the order tells explains it."""

    begins = ("report_payment_problem",)
    fresh = ("payment_problem", "ordered_it", "amount", "explained")
    of_order = ("explained",)

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """The order only where there is one; the amount only where it tells something; an address only for who is not known."""
        kind = turn.slot("payment_problem")
        if not kind:
            return ["payment_problem"]
        wanted = list(await super().needed(turn, slots))
        is_failed = kind == "failed_payment"
        if kind != "unknown_charge":
            wanted.remove("ordered_it")
        if is_failed:
            wanted.remove("amount")
        if turn.slot("without_order") or (is_failed and not turn.slot("order_number")):
            wanted = [slot for slot in wanted if slot not in ("order_number", "identity_proof")]
        explanation = await explanation_of(turn)
        if explanation is None:
            wanted.remove("explained")
        if (explanation is not None and turn.slot("explained") is not False) or await of_customer(turn):
            wanted.remove("email")
        return wanted

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """The kind of problem and the sum, where the message tells them."""
        values: Dict[str, Any] = await super().known(turn)
        if turn.moment == "beginning":
            values["without_order"] = None
        if turn.moment == "back" or not turn.typed:
            return values
        asked = turn.slot("requested_slot") if turn.moment == "answer" else None
        if not turn.slot("payment_problem"):
            values["payment_problem"] = problem_of(turn.typed)
        if asked == "order_number" and turn.intent == "deny":
            values["without_order"] = True
        if asked in ("explained", "ordered_it") and turn.slot(asked) is None:
            values.update(await self._yes_or_no(turn, asked))
        cents = amount_of(turn.typed, is_asked=asked == "amount")
        if cents is not None and (turn.slot("amount") is None or asked in ("amount", "explained")):
            values.update({"amount": str(cents), "explained": None})
            if asked == "explained":
                values["asked"] = "changed"
        return values

    def is_answer(self, turn: Turn, slot: str) -> bool:
        """A sum, or the kind of problem, in other words."""
        if slot == "amount":
            return amount_of(turn.typed, is_asked=True) is not None
        if slot in ("explained", "ordered_it") and plain_answer(turn.typed) is not None:
            return True
        return (slot == "payment_problem" and problem_of(turn.typed) is not None) or super().is_answer(turn, slot)

    async def not_known(self, turn: Turn, slot: str) -> Optional[Dict[str, Any]]:
        """It can be looked into without number, sum and address."""
        known: Dict[str, Dict[str, Any]] = {
            "order_number": {"without_order": True}, "amount": {"amount": UNKNOWN}, "email": {"email": NONE}, "explained": {"explained": False},
        }
        return known.get(slot) or await super().not_known(turn, slot)

    async def check_payment_problem(self, turn: Turn, value: str) -> Dict[str, Any]:
        """One of the four, by its button."""
        return {"payment_problem": value if value in dict(PROBLEMS) else None}

    async def _yes_or_no(self, turn: Turn, asked: str) -> Dict[str, Any]:
        """A yes or no before other words, which make the message look like the request once more."""
        answer = plain_answer(turn.typed)
        if answer is None:
            return {}
        return await self.check_ordered_it(turn, answer) if asked == "ordered_it" else {asked: answer}

    async def check_ordered_it(self, turn: Turn, value: bool) -> Dict[str, Any]:
        """A charge of which nobody at home knows is fraud: the bank first, and people at once."""
        if value:
            return {"ordered_it": True}
        turn.say("utter_fraud_call_bank")
        turn.hand_over("fraud")
        return leave({"ordered_it": False})


class ActionAskPaymentFormExplained(TopicAction):
    """Says what the charge looks like, and asks whether that is it."""

    async def handle(self, turn: Turn) -> Events:
        """With the days and sums of instalments, and the sums that make up the total."""
        explanation, found = await explanation_of(turn), await shown(turn)
        values: Dict[str, Any] = {"number": turn.slot("order_number") or ""}
        if found:
            at = context().clock()
            charges = await turn.read(lambda s: customers.charges_of(s, order_number=found.order.number, at=at))
            parts = [f"{turn.amount(part.cents)} ({turn.day(part.on, 'd MMMM')})" for part in charges.instalments]
            values.update(
                total=turn.amount(charges.total_cents), products=turn.amount(charges.products_cents), shipping=turn.amount(charges.shipping_cents),
                fee=turn.amount(charges.fee_cents), parts=turn.listed(parts), count=len(parts), days=words.days(customers.HOLD_DAYS, turn.language),
            )
        is_failed = turn.slot("payment_problem") == "failed_payment"
        yes = turn.button("affirm", name="it_works", means="affirm") if is_failed else turn.button("affirm", name="that_is_it", means="affirm")
        buttons = [yes, turn.button("deny", name="that_is_not_it", means="deny")]
        return turn.say(f"utter_payment_{explanation}", buttons=buttons, **values)


class ActionReportPayment(TopicAction):
    """Notes the report and opens a ticket, unless the explanation was enough."""

    ends = True
    forgets = ("identity_proof", "attempts_left", "payment_problem", "ordered_it", "amount", "explained", "without_order")

    async def handle(self, turn: Turn) -> Events:
        """Number, who looks, and by when."""
        if turn.slot("explained"):
            return turn.say("utter_payment_settled")
        kind, found, at = str(turn.slot("payment_problem")), await shown(turn), context().clock()
        number = str(found.order.number) if found and not turn.slot("without_order") else None
        cents = int(turn.slot("amount")) if str(turn.slot("amount") or "").isdigit() else None
        person, email = await of_customer(turn), str(turn.slot("email") or "")
        facts = " · ".join(part for part in (kind, number, turn.amount(cents) if cents is not None else None) if part)
        return await leave_to_people(
            turn, category="billing.payment", order=number, facts=facts, urgency="p3" if kind == "failed_payment" else "p2",
            email=email if "@" in email else None, said=f"utter_payment_{kind}_filed", status="done",
            also=lambda s: customers.report_payment(
                s, kind=kind, key=f"{turn.key}:report", at=at, order_number=number, customer=person, amount_cents=cents,
                note="\n".join(turn.customer_texts()[-5:]),
            ),
        )


def problem_of(typed: str) -> Optional[str]:
    """The kind of payment problem that folded words tell; None where they tell none."""
    return next((kind for kind, pattern in PROBLEMS if pattern.search(typed)), None)


async def explanation_of(turn: Turn) -> Optional[str]:
    """What explains the charge: a word of the room, or how a payment that failed stands; None when nothing does, or too little is known yet."""
    kind, found = turn.slot("payment_problem"), await shown(turn)
    at = context().clock()
    if turn.slot("without_order") or not turn.slot("order_number"):
        found = None
    if kind == "failed_payment":
        if found is None:
            return "failed" if not turn.slot("order_number") or turn.slot("without_order") else None
        charges = await turn.read(lambda s: customers.charges_of(s, order_number=found.order.number, at=at))
        return {"awaited": "failed_awaited", "held": "failed_but_held", "charged": "failed_but_charged"}.get(charges.state, "failed_released")
    if found is None or turn.slot("amount") is None:
        return None
    cents = int(turn.slot("amount")) if turn.slot("amount") != UNKNOWN else None
    charges = await turn.read(lambda s: customers.charges_of(s, order_number=found.order.number, at=at))
    return customers.explanation_of(charges, kind, cents)
