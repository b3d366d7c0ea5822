"""Sending a product back: whether it may go, what it brings, how it travels."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional, Sequence, Union

from rasa_sdk.events import SlotSet
from sqlalchemy.orm import Session

from actions.base import Events, TopicAction, Turn, context
from actions.copy import label
from actions.filing import done_in_time, file_instead, filed
from actions.order_form import ALL, OrderItemForm, shown
from savoir.core.mail import Enclosure, put_mail
from savoir.customers import service as customers

CATEGORY = "order.return"
Option = Union[customers.Eligible, customers.NotEligible]
NOT_SAID = "not_said"
REASONS = {
    "defective": r"\bpanne\b|\bdefectueu|\bdefaut\b|\bmarche (?:pas|plus)|\bfonctionne (?:pas|plus)|\bs'allume (?:pas|plus)|\bcasse|\bfaulty\b|\bdefective\b|\bbroken\b|\bdead\b|"
    r"\b(?:doesn'?t|not|won'?t|stopped) (?:work|turn)",
    "not_suitable": r"\bconvien[nt]|\btrop (?:petit|grand|gros|lourd|cher|lent|complique)|\bme (?:va|vont|plai\w+) pas|\bpas (?:compatible|adapte|a mon gout|a la bonne taille)|\bdecu|"
    r"\btoo (?:small|big|large|heavy|slow|loud|expensive)|\b(?:doesn'?t|does not) (?:fit|suit)|\bnot (?:suitable|compatible|what i expected)|\bdisappoint|\bdon'?t like",
    "changed_mind": r"\bchange d'avis|\bplus (?:envie|besoin)|\bpas besoin|\bregret|\btrouve moins cher|\bcadeau|\bdouble\b|\bchanged my mind|\bno longer|\bdon'?t (?:need|want)|\bregret|\bgift\b|\btwice\b",
}
"""Words by which customers say why, in folded text; the first that fits is meant."""
UNSAID = {"inform", "nlu_fallback", "out_of_scope", ""}
"""Intents of an answer that names none of the reasons: it is another reason."""


def reason_in(text: str) -> Optional[str]:
    """Why a folded text says that something goes back; None where it doesn't."""
    return next((reason for reason, pattern in REASONS.items() if re.search(pattern, text)), None)


async def options_of(turn: Turn) -> Sequence[Option]:
    """For each line of the order whether it may go back, once the order is shown to be the customer's own."""
    identified = await shown(turn)
    if not identified:
        return ()
    number, at, days = identified.order.number, context().clock(), context().settings.return_days
    return await turn.read(lambda s: customers.return_options(s, order_number=number, at=at, return_days=days))


def chosen(turn: Turn, options: Sequence[Option]) -> List[Option]:
    """What `order_item` stands for: a line's option, or those of all that may go back."""
    item = turn.slot("order_item")
    if item == "all":
        return [option for option in options if isinstance(option, customers.Eligible)]
    return [option for option in options if str(option.line.position) == item]


class ReturnableForm(OrderItemForm):
    """A form about an article that goes back. Nothing more is asked once it is clear that it may not."""

    async def choices(self, turn: Turn) -> Sequence[customers.OrderLine]:
        """The articles that may still go back; all of the order's where none may, or where the message names another one."""
        options = await options_of(turn)
        eligible = [option.line for option in options if isinstance(option, customers.Eligible)]
        lines = [option.line for option in options]
        return eligible if eligible and self.named(turn, lines) is None and turn.slot("order_item") is None else lines

    async def refused(self, turn: Turn) -> Optional[customers.NotEligible]:
        """Why nothing of what is meant may go back, if so."""
        options = await options_of(turn)
        meant = chosen(turn, options) or options
        first = next(iter(meant), None)
        return first if isinstance(first, customers.NotEligible) and not any(isinstance(o, customers.Eligible) for o in meant) else None

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """Only the order and its proof where the action will have to refuse."""
        wanted = await super().needed(turn, slots)
        return [slot for slot in wanted if slot in ("order_number", "identity_proof")] if await self.refused(turn) else wanted


class ValidateReturnForm(ReturnableForm):
    """Which article of which order goes back, how many, why (who likes to say), and a last yes."""

    begins = ("return_product",)
    of_order = ("order_item", "return_quantity", "confirmed")
    fresh = ("order_item", "return_quantity", "return_reason", "confirmed")

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """A reason or a number of pieces that the message gives."""
        values = await super().known(turn)
        turn.remember(values)
        asked, text = turn.slot("requested_slot"), turn.typed
        if not turn.slot("return_reason") and text:
            reason = reason_in(text) or ("other" if asked == "return_reason" and turn.intent in UNSAID else None)
            values.update({"return_reason": reason} if reason else {})
        if asked == "return_quantity" and not turn.slot("return_quantity"):
            most = max((o.quantity for o in chosen(turn, await options_of(turn)) if isinstance(o, customers.Eligible)), default=1)
            found = re.search(r"\b\d{1,2}\b", text)
            pieces = most if ALL.search(text) else int(found[0]) if found else {"un": 1, "une": 1, "one": 1, "deux": 2, "two": 2}.get(text.split(" ")[0], 0)
            values.update({"return_quantity": str(pieces)} if 1 <= pieces <= most else {})
        return values

    def is_answer(self, turn: Turn, slot: str) -> bool:
        """`Il ne marche pas` is here a reason, no report of a fault."""
        return super().is_answer(turn, slot) or (slot == "return_reason" and reason_in(turn.typed) is not None)

    async def needed(self, turn: Turn, slots: List[str]) -> List[str]:
        """No number of pieces where there is one, or where all goes back."""
        wanted = await super().needed(turn, slots)
        several = [o for o in chosen(turn, await options_of(turn)) if isinstance(o, customers.Eligible) and o.quantity > 1]
        return wanted if several and turn.slot("order_item") != "all" else [slot for slot in wanted if slot != "return_quantity"]

    async def not_known(self, turn: Turn, slot: str) -> Optional[Dict[str, Any]]:
        """Nobody must say why."""
        return {"return_reason": NOT_SAID} if slot == "return_reason" else await super().not_known(turn, slot)

    async def check_return_quantity(self, turn: Turn, value: str) -> Dict[str, Any]:
        """As many as there are, at most."""
        most = max((o.quantity for o in chosen(turn, await options_of(turn)) if isinstance(o, customers.Eligible)), default=0)
        return {"return_quantity": value if value.isdigit() and 1 <= int(value) <= most else None}


class ActionAskReturnFormOrderItem(TopicAction):
    """Asks which article goes back."""

    async def handle(self, turn: Turn) -> Events:
        """A button for each that may, and one for all."""
        eligible = [option.line for option in await options_of(turn) if isinstance(option, customers.Eligible)]
        buttons = [{"title": line.name, "payload": f'/inform{{"order_item": "{line.position}"}}'} for line in eligible]
        return turn.say(
            "utter_ask_return_form_order_item", number=turn.slot("order_number"), buttons=[*buttons, turn.button("inform", name="all_of_it", order_item="all")]
        )


class ActionAskReturnQuantity(TopicAction):
    """Asks how many pieces go back."""

    async def handle(self, turn: Turn) -> Events:
        """A button for each number, up to four."""
        option = next(iter(chosen(turn, await options_of(turn))), None)
        most = option.quantity if isinstance(option, customers.Eligible) else 1
        buttons = [{"title": str(n), "payload": f'/inform{{"return_quantity": "{n}"}}'} for n in range(1, min(most, 4) + 1)]
        return turn.say("utter_ask_return_quantity", item=option.line.name if option else "", most=most, buttons=buttons)


class ActionAskReturnFormConfirmed(TopicAction):
    """Sums up the return: what, until when, what it brings and who pays; for a defect, that a repair is free under guarantee."""

    async def handle(self, turn: Turn) -> Events:
        """And asks."""
        going = [o for o in chosen(turn, await options_of(turn)) if isinstance(o, customers.Eligible)]
        if not going:
            return turn.say("utter_identity_stopped")
        first, cents = going[0], sum(_cents(turn, option) for option in going)
        buttons = turn.yes_or_no()
        is_defective = turn.slot("return_reason") == "defective"
        if is_defective:
            buttons = [turn.button("affirm", name="return_it", means="affirm"), turn.button("book_repair", name="repair_it"), turn.button("deny", name="no", means="deny")]
        until = next((option.until for option in going if option.until), None)
        return turn.say(
            "utter_ask_return_form_confirmed_defective" if is_defective else "utter_ask_return_form_confirmed",
            items=turn.listed([_counted(turn, option) for option in going]), number=turn.slot("order_number"), amount=turn.amount(cents),
            postage=label(f"postage_{first.label}", turn.language), period=_period(turn, until), buttons=buttons,
        )


class ActionOpenReturn(TopicAction):
    """Opens the return, has its label mailed, and says what to do next; or says plainly why it can't go back and what can be done instead."""

    ends = True
    forgets = ("identity_proof", "order_item", "return_quantity", "return_reason", "confirmed")

    async def handle(self, turn: Turn) -> Events:
        """Once per turn, however often it is run."""
        identified, options = await shown(turn), await options_of(turn)
        if not identified or not options:
            return turn.say("utter_identity_stopped")
        meant = chosen(turn, options) or list(options)
        if turn.slot("confirmed") is False:
            return turn.say("utter_return_not_opened", number=turn.slot("order_number"))
        going = [option for option in meant if isinstance(option, customers.Eligible)]
        if not going:
            return refuse(turn, meant, identified.order.number)
        done = await done_in_time(turn, lambda s: _open(turn, s, identified, going))
        if done is None:
            return await file_instead(turn, category=CATEGORY, order=identified.order.number, product=going[0].line.product)
        opened, ticket = done
        if not opened:
            return turn.say("utter_return_just_changed", buttons=[turn.button("speak_to_human")])
        first, kind = opened[0], str(opened[0].label)
        if kind == "free" and await mailed(turn, identified, opened) is None:  # a person sends it
            ticket = await turn.write(lambda s: filed(turn, s, category=CATEGORY, order=identified.order.number, product=first.line.product, facts=first.number))
            kind = "label_later"
        turn.say(
            f"utter_return_opened_{kind}", number=turn.listed([f"**{one.number}**" for one in opened]), by=turn.day(first.drop_off_by),
            amount=turn.amount(sum(one.product_cents + one.delivery_cents for one in opened)), means=means(turn, first.means),
            address=context().settings.firm_address, email=identified.customer.email, ticket=ticket.ticket.number if ticket else "",
        )
        return [SlotSet("ticket_number", ticket.ticket.number)] if ticket else []


def refuse(turn: Turn, meant: Sequence[Any], order: str) -> Events:
    """Says why articles may not go back, and what else there is; the first one's reason is told, of all that share it."""
    option = meant[0]
    names = [other.line.name for other in meant if other.reason == option.reason]
    buttons = {
        "cancel": [turn.button("cancel_order", means="affirm"), turn.button("decline", name="no_thanks", means="deny")], "wait": [],
        "warranty": [turn.button("check_warranty"), turn.button("book_repair"), turn.button("speak_to_human")],
        "follow_refund": [turn.button("ask_refund", means="affirm")],
        "claim": [turn.button("report_delivery_problem", name="open_claim", means="affirm", delivery_problem="late"), turn.button("speak_to_human")],
        "nothing": [],
    }[option.next_step]
    return turn.say(
        f"utter_cannot_return_{option.reason}", item=turn.listed(names), number=order, until=turn.day(option.until, "d MMMM y"),
        expected=turn.day(option.expected_on), days=context().settings.return_days, known=option.number or "", buttons=buttons,
    )


def means(turn: Turn, payment: Optional[str]) -> str:
    """`sur votre carte`: where money goes back to."""
    return label(f"means_{payment}", turn.language) or label("means_other", turn.language)


async def mailed(turn: Turn, identified: customers.Identified, opened: Sequence[customers.ReturnOpened]) -> Optional[bool]:
    """Has the labels of returns made and mailed to the customer's address; None where that could not be done."""

    def mail(session: Session) -> bool:
        for one in opened:
            _mail_label(turn, session, identified, one.number, one.drop_off_by)
        return True

    return await done_in_time(turn, mail)


def _mail_label(turn: Turn, session: Session, identified: customers.Identified, number: str, send_before: Any) -> None:
    request = customers.return_by_number(session, number)
    assert request is not None
    made = customers.return_label(session, request, language=turn.language, settings=context().settings)
    put_mail(
        session, context().settings, to=str(identified.customer.email), template="return_label", language=turn.language, key=f"{turn.key}:{number}", at=context().clock(),
        conversation=turn.conversation, values={
            "return_number": number, "order_number": str(identified.order.number), "first_name": str(identified.customer.first_name or ""),
            "send_before": turn.day(send_before), "carrier": str(identified.order.carrier or ""),
        }, enclosures=[Enclosure(made.file_name, "application/pdf", made.content)],
    )


def _open(turn: Turn, session: Session, identified: customers.Identified, going: Sequence[customers.Eligible]) -> Any:
    opened, ticket = [], None
    for option in going:
        made = customers.open_return(
            session, order_number=identified.order.number, line=option.line.position, key=f"{turn.key}:{option.line.position}", at=context().clock(),
            quantity=_pieces(turn, option), reason=turn.slot("return_reason"), return_days=context().settings.return_days,
        )
        if not isinstance(made, customers.ReturnOpened):
            continue
        opened.append(made)
    if opened and opened[0].label == "collection":  # somebody arranges the day
        ticket = filed(turn, session, category=CATEGORY, order=identified.order.number, product=opened[0].line.product, facts=opened[0].number)
    return opened, ticket


def _pieces(turn: Turn, option: customers.Eligible) -> int:
    given = turn.slot("return_quantity")
    return min(int(given), option.quantity) if given and turn.slot("order_item") != "all" else option.quantity


def _cents(turn: Turn, option: customers.Eligible) -> int:
    pieces = _pieces(turn, option)
    return pieces * option.line.unit_cents + (option.delivery_cents if pieces == option.quantity else 0)


def _counted(turn: Turn, option: customers.Eligible) -> str:
    pieces = _pieces(turn, option)
    return f"{pieces} × {option.line.name}" if pieces > 1 else option.line.name


def _period(turn: Turn, until: Any) -> str:
    return label("return_until", turn.language).format(until=turn.day(until)) if until else label("return_any_time", turn.language)
