"""One article for another: which goes back, which is wanted, what the difference is."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional, Sequence, Tuple

from rasa_sdk.events import SlotSet

from actions.base import Events, TopicAction, Turn, context
from actions.filing import done_in_time, file_instead, filed
from actions.order_form import shown
from actions.returns import ReturnableForm, chosen, mailed, options_of, refuse
from savoir.customers import service as customers

CATEGORY = "order.exchange"
OFFERED = 3
WANTED_AFTER = re.compile(
    r"\b(?:contre|prendre|prefer\w*|voudrais|veux|aimerais|remplacer\w* par|plutot|recevoir|for|with|into|want|rather|get|prefer|take|have)\s+(?:\w+['\s]){0,3}$"
)
"""What stands before the model that is wanted."""
WANTED_BEFORE = re.compile(r"^[^.!?]{0,25}\b(?:a la place|instead|en echange|plutot)\b")
"""What stands after it."""
OWNED_AFTER = re.compile(r"\b(?:mon|ma|mes|my|echanger|changer|rendre|renvoyer|reprendre|swap|exchange|return|give|trade|replace|remplacer)\s+(?:\w+['\s]){0,3}$")
"""What stands before the model that goes back."""


class ValidateExchangeForm(ReturnableForm):
    """Which article of which order, for which model, and a last yes."""

    begins = ("exchange_product",)
    of_order = ("order_item", "confirmed")
    fresh = ("order_item", "wanted_model", "confirmed")
    may_be_all = False

    async def known(self, turn: Turn) -> Dict[str, Any]:
        """The model that the message wants in exchange; one that says neither is the order's own article, or else the wanted one."""
        lines = [option.line for option in await options_of(turn)]
        wanted, _ = models_in(turn)
        values: Dict[str, Any] = {}
        given = turn.slot("wanted_model")
        spoken_of = turn.slot("product_model")
        if wanted is None and given is None and spoken_of and lines and spoken_of not in [line.product for line in lines]:
            wanted = spoken_of
        if wanted and wanted != given:
            values = await self.check_wanted_model(turn, wanted)
            values.update({"confirmed": None, **({"asked": "changed"} if given and values["wanted_model"] else {})})
        turn.remember(values)
        return {**values, **await super().known(turn)}

    def named(self, turn: Turn, lines: Sequence[customers.OrderLine]) -> Optional[str]:
        """The line that the message gives back, never the model that it wants."""
        wanted, owned = models_in(turn)
        if owned:
            return next((str(line.position) for line in lines if line.product == owned), None)
        if wanted or turn.slot("requested_slot") == "wanted_model":
            return None
        return super().named(turn, lines)

    def is_answer(self, turn: Turn, slot: str) -> bool:
        """A model's name alone may look like a question about it."""
        return super().is_answer(turn, slot) or (slot == "wanted_model" and bool(turn.entity("product_model")) and len(turn.typed.split()) <= 8)

    async def check_wanted_model(self, turn: Turn, value: str) -> Dict[str, Any]:
        """A model that is in stock; for one that is not, the nearest are offered."""
        product = await turn.read(lambda s: customers.product(s, value))
        if product is None:
            return {"wanted_model": None}
        if product.stock == 0:
            return {"wanted_model": None, "sold_out_model": str(product.name), "asked": "sold_out"}
        return {"wanted_model": str(product.id)}


def models_in(turn: Turn) -> Tuple[Optional[str], Optional[str]]:
    """The model that a message wants and the one that it gives back, as far as its words tell."""
    if turn.value_pressed("wanted_model"):
        return turn.value_pressed("wanted_model"), None
    found = turn.found("product_model")
    wanted = owned = None
    for value, before, after in found:
        if WANTED_BEFORE.search(after) or (WANTED_AFTER.search(before) and not OWNED_AFTER.search(before)):
            wanted = wanted or value
        elif OWNED_AFTER.search(before):
            owned = owned or value
    if turn.slot("requested_slot") == "wanted_model" and wanted is None and len(found) == 1 and owned is None:
        wanted = found[0][0]
    if len(found) == 2 and (wanted is None) != (owned is None):  # the one that is left is the other
        rest = next((value for value, *_ in found if value not in (wanted, owned)), None)
        wanted, owned = wanted or rest, owned or rest
    return wanted, owned


class ActionAskExchangeFormOrderItem(TopicAction):
    """Asks which article goes back."""

    async def handle(self, turn: Turn) -> Events:
        """A button for each that may."""
        eligible = [option.line for option in await options_of(turn) if isinstance(option, customers.Eligible)]
        buttons = [{"title": line.name, "payload": f'/inform{{"order_item": "{line.position}"}}'} for line in eligible]
        return turn.say("utter_ask_exchange_form_order_item", number=turn.slot("order_number"), buttons=buttons)


class ActionAskExchangeFormWantedModel(TopicAction):
    """Asks which model is wanted instead."""

    async def handle(self, turn: Turn) -> Events:
        """The nearest models of the same kind that are in stock, as buttons."""
        option = next(iter(chosen(turn, await options_of(turn))), None)
        near = await turn.read(lambda s: _near(s, option.line.product)) if option else []
        buttons = [{"title": product.name, "payload": f'/inform{{"wanted_model": "{product.id}"}}'} for product in near]
        return turn.say("utter_ask_exchange_form_wanted_model", item=option.line.name if option else "", wanted=turn.slot("sold_out_model") or "", buttons=buttons)


class ActionAskExchangeFormConfirmed(TopicAction):
    """Says how an exchange goes, that the wanted model is in stock and what the difference is, and asks."""

    async def handle(self, turn: Turn) -> Events:
        """Parcels are not swapped: the one goes back, the other is ordered."""
        option, wanted = next(iter(chosen(turn, await options_of(turn))), None), turn.slot("wanted_model")
        product = await turn.read(lambda s: customers.product(s, wanted)) if wanted else None
        if option is None or product is None:
            return turn.say("utter_identity_stopped")
        more = (product.price_cents or 0) - option.line.unit_cents
        how = "more" if more > 0 else "less" if more < 0 else "same"
        return turn.say(
            f"utter_ask_exchange_form_confirmed_{how}", item=option.line.name, wanted=product.name, number=turn.slot("order_number"),
            price=turn.amount(product.price_cents or 0), difference=turn.amount(abs(more)), buttons=turn.yes_or_no(),
        )


class ActionOpenExchange(TopicAction):
    """Opens the exchange, has the label mailed, and gives the new order to people."""

    ends = True
    forgets = ("identity_proof", "order_item", "wanted_model", "sold_out_model", "confirmed")

    async def handle(self, turn: Turn) -> Events:
        """Once per turn, however often it is run."""
        identified, options = await shown(turn), await options_of(turn)
        if not identified or not options:
            return turn.say("utter_identity_stopped")
        meant: List[Any] = chosen(turn, options) or list(options)
        if turn.slot("confirmed") is False:
            return turn.say("utter_exchange_not_opened")
        option, order, wanted = meant[0], str(identified.order.number), turn.slot("wanted_model")
        if isinstance(option, customers.NotEligible):
            return refuse(turn, [option], order)

        def swap(session: Any) -> Any:
            made = customers.open_return(
                session, order_number=order, line=option.line.position, key=turn.key, at=context().clock(), kind="exchange", wanted_product=wanted,
                return_days=context().settings.return_days,
            )
            if not isinstance(made, customers.ReturnOpened):
                return made, None
            facts = f"{made.number} : {made.line.name} → {made.wanted.name if made.wanted else wanted}"
            return made, filed(turn, session, category=CATEGORY, order=order, product=made.line.product, matter=facts, facts=facts)

        done = await done_in_time(turn, swap)
        if done is None:
            return await file_instead(turn, category=CATEGORY, order=order, product=option.line.product)
        made, ticket = done
        if isinstance(made, customers.NotEligible):
            return refuse(turn, [made], order)
        if isinstance(made, customers.ExchangeRefused):
            return turn.say("utter_exchange_sold_out", buttons=[turn.button("exchange_product"), turn.button("speak_to_human")])
        is_mailed = made.label != "free" or await mailed(turn, identified, [made])
        turn.say(
            f"utter_exchange_opened_{made.label if is_mailed else 'label_later'}", number=made.number, wanted=made.wanted.name if made.wanted else "", item=made.line.name,
            by=turn.day(made.drop_off_by), email=identified.customer.email, ticket=ticket.ticket.number, address=context().settings.firm_address,
        )
        return [SlotSet("ticket_number", ticket.ticket.number)]


def _near(session: Any, product: str) -> List[Any]:
    """The models of the same type in stock whose price is nearest."""
    own = customers.product(session, product)
    if own is None:
        return []
    same = [one for one in customers.catalogue(session) if one.type == own.type and one.id != own.id and one.stock != 0]
    return sorted(same, key=lambda one: abs((one.price_cents or 0) - (own.price_cents or 0)))[:OFFERED]
