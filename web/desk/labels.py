"""What people call the codes of the rooms: states, reasons, queues, channels. English here, other languages in web/locales."""

from __future__ import annotations

from .language import N_
from .people_labels import PEOPLE_LABELS

LABELS: dict[str, dict[str, str]] = {
    "list": {
        "waiting": N_("Waiting"), "mine": N_("Mine"), "team": N_("With colleagues"), "assistant": N_("With the assistant"),
        "closed": N_("Closed"),
    },
    "state": {
        "bot": N_("With the assistant"), "waiting": N_("Waiting for someone"), "agent": N_("With an adviser"), "resolved": N_("Conversation closed"),
        "abandoned": N_("The customer left before anybody came"),
    },
    "reason": {
        "asked": N_("Asked for a person"), "stuck": N_("The assistant didn't understand"),
        "assistant_down": N_("The assistant was down"), "complaint": N_("Complaint"), "anger": N_("Anger"), "safety": N_("Safety"), "fraud": N_("Fraud"),
        "identity": N_("Identity not confirmed"), "returned": N_("Came back"), "other": N_("Other reason"),
    },
    "queue": {
        "care": N_("Customer care"), "technical": N_("Technical support"), "orders": N_("Orders and billing"), "repairs": N_("Repairs"),
        "trust": N_("Safety, fraud and privacy"), "triage": N_("To be sorted"),
    },
    "channel": {
        "web": N_("Web chat"), "email": N_("E-mail"), "mail": N_("E-mail"), "form": N_("Form"), "api": N_("API"), "messenger": N_("Messenger"),
    },
    "language": {"fr": N_("French"), "en": N_("English")},
    "order": {
        "pending_payment": N_("Payment pending"), "paid": N_("Paid"), "preparing": N_("Being prepared"), "shipped": N_("Shipped"),
        "out_for_delivery": N_("Out for delivery"), "delivered": N_("Delivered"), "delayed": N_("Delayed"), "lost": N_("Lost"),
        "cancelled": N_("Cancelled"), "returned": N_("Returned"), "refunded": N_("Refunded"),
    },
    "ticket": {
        "new": N_("New"), "open": N_("Open"), "pending_customer": N_("Awaiting the customer"),
        "pending_third_party": N_("Awaiting a third party"), "solved": N_("Solved"), "closed": N_("Ticket closed"),
    },
    "sentiment": {"negative": N_("Negative"), "neutral": N_("Neutral"), "positive": N_("Positive")},
    "field": {
        "category": N_("Category"), "urgency": N_("Urgency"), "product": N_("Product"), "language": N_("Customer's language"), "sentiment": N_("Mood"),
    },
    "given": {
        "order": N_("Order number"), "ticket": N_("Ticket number"), "repair": N_("Repair number"), "serial": N_("Serial number"), "email": N_("E-mail"),
        "phone": N_("Telephone"), "amount": N_("Amount"), "photos": N_("Photos"),
    },
    "source": {"article": N_("From an article"), "before": N_("As answered before"), "canned": N_("Canned reply")},
    "repair": {
        "received": N_("Received"), "diagnosing": N_("Being diagnosed"), "waiting_quote": N_("Quote to be answered"), "waiting_part": N_("Waiting for a part"), "repairing": N_("Being repaired"),
        "repaired": N_("Repaired"), "shipped_back": N_("Sent back"), "refused": N_("Quote refused"), "closed": N_("Repair closed"),
    },
    "urgency": {"p1": N_("Critical"), "p2": N_("High"), "p3": N_("Normal"), "p4": N_("Low")},
}
assert LABELS.keys().isdisjoint(PEOPLE_LABELS), "a kind of codes stands in one file only"
LABELS |= PEOPLE_LABELS
