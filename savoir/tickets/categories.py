"""What a request is filed under: forty categories, their names, who works on them, and how urgent they are by themselves."""

from __future__ import annotations

from typing import Optional

QUEUE_OF = {
    "hardware": "technical", "software": "technical", "usage": "technical", "order": "orders", "billing": "orders", "repair": "repairs",
    "feedback": "care", "account": "care", "general": "care", "safety": "trust", "fraud": "trust", "privacy": "trust",
}
"""The queue of a category's first part; whatever is filed elsewhere is sorted by a person."""

NAMES = {
    "hardware.power": ("Ne s'allume pas", "Does not start"),
    "hardware.screen": ("Écran", "Screen"),
    "hardware.battery": ("Batterie et charge", "Battery and charging"),
    "hardware.audio": ("Son et micro", "Sound and microphone"),
    "hardware.camera": ("Appareil photo", "Camera"),
    "hardware.connectivity": ("Connexion", "Connectivity"),
    "hardware.overheating": ("Surchauffe", "Overheating"),
    "hardware.physical_damage": ("Appareil abîmé", "Damaged device"),
    "hardware.other": ("Autre panne", "Other fault"),
    "software.update": ("Mise à jour", "Update"),
    "software.performance": ("Lenteur et mémoire", "Slowness and storage"),
    "software.application": ("Application", "App"),
    "software.data_loss": ("Données perdues", "Lost data"),
    "software.other": ("Autre problème logiciel", "Other software problem"),
    "account.login": ("Connexion au compte", "Signing in"),
    "account.details": ("Coordonnées", "Contact details"),
    "account.other": ("Compte", "Account"),
    "order.tracking": ("Suivi de commande", "Order tracking"),
    "order.delivery": ("Problème de livraison", "Delivery problem"),
    "order.cancellation": ("Annulation de commande", "Order cancellation"),
    "order.return": ("Retour d'un produit", "Return of a product"),
    "order.exchange": ("Échange", "Exchange"),
    "order.refund": ("Remboursement", "Refund"),
    "billing.invoice": ("Facture", "Invoice"),
    "billing.payment": ("Paiement", "Payment"),
    "repair.booking": ("Rendez-vous de réparation", "Repair appointment"),
    "repair.tracking": ("Suivi de réparation", "Repair tracking"),
    "repair.spare_part": ("Pièce ou accessoire", "Part or accessory"),
    "repair.warranty": ("Garantie", "Warranty"),
    "usage.how_to": ("Mode d'emploi", "How to"),
    "usage.product_information": ("Question sur un produit", "Question about a product"),
    "safety.danger": ("Danger", "Danger"),
    "fraud.report": ("Fraude", "Fraud"),
    "privacy.export": ("Copie des données personnelles", "Copy of personal data"),
    "privacy.erasure": ("Suppression des données personnelles", "Erasure of personal data"),
    "feedback.complaint": ("Réclamation", "Complaint"),
    "feedback.praise": ("Compliment", "Praise"),
    "general.contact": ("Prise de contact", "Contact"),
    "general.follow_up": ("Suite d'un dossier", "Follow-up"),
    "general.other": ("Autre demande", "Other request"),
}
"""Each category's name in French and in English."""

CATEGORIES = tuple(NAMES)

CATEGORY_OF_SYMPTOM = {
    "power": "hardware.power", "screen": "hardware.screen", "battery": "hardware.battery", "charging": "hardware.battery",
    "sound": "hardware.audio", "microphone": "hardware.audio", "camera": "hardware.camera", "connectivity": "hardware.connectivity",
    "overheating": "hardware.overheating", "performance": "software.performance", "software": "software.application",
    "storage": "software.performance", "buttons": "hardware.other", "noise": "hardware.other", "water": "hardware.physical_damage",
}

CATEGORY_OF_INTENT = {
    "track_order": "order.tracking", "report_delivery_problem": "order.delivery", "cancel_order": "order.cancellation",
    "return_product": "order.return", "ask_refund": "order.refund", "exchange_product": "order.exchange",
    "request_invoice": "billing.invoice", "report_payment_problem": "billing.payment", "reset_password": "account.login",
    "update_contact_details": "account.details", "check_warranty": "repair.warranty", "report_fault": "hardware.other",
    "report_physical_damage": "hardware.physical_damage", "report_safety_issue": "safety.danger", "ask_how_to": "usage.how_to",
    "ask_product_information": "usage.product_information", "book_repair": "repair.booking", "track_repair": "repair.tracking",
    "change_appointment": "repair.booking", "order_spare_part": "repair.spare_part", "track_ticket": "general.follow_up",
    "add_to_ticket": "general.follow_up", "close_ticket": "general.follow_up", "speak_to_human": "general.contact",
    "make_complaint": "feedback.complaint", "report_fraud": "fraud.report", "give_praise": "feedback.praise",
    "ask_contact_information": "general.contact", "request_data_export": "privacy.export", "request_data_erasure": "privacy.erasure",
}

URGENCY_OF = {
    "safety.danger": "p1", "fraud.report": "p1",
    "account.login": "p2", "software.data_loss": "p2", "billing.payment": "p2",
    "account.details": "p4", "billing.invoice": "p4", "feedback.praise": "p4", "general.contact": "p4", "repair.spare_part": "p4",
    "usage.how_to": "p4", "usage.product_information": "p4",
}
"""Categories that are more or less urgent than `p3`, the normal."""


def category_of(intent: Optional[str] = None, symptom: Optional[str] = None) -> str:
    """The category of what was understood. A symptom decides where the intent is a fault or is none; water is damage whatever was said."""
    if symptom and (intent in (None, "report_fault") or symptom == "water"):
        return CATEGORY_OF_SYMPTOM.get(symptom, "hardware.other")
    return CATEGORY_OF_INTENT.get(intent or "", "general.other")


def queue_of(category: str) -> str:
    """Who works on a category."""
    return QUEUE_OF.get(category.split(".")[0], "triage")


def urgency_of(category: str, *, is_blocked: bool = False, is_upset: bool = False, is_vulnerable: bool = False) -> str:
    """p1 to p4: the category's own, at least p2 for who can't go on, is very upset, or for whom much depends on the device."""
    own = URGENCY_OF.get(category, "p3")
    return min(own, "p2") if is_blocked or is_upset or is_vulnerable else own


def category_name(category: str, language: str) -> str:
    """What people call a category in that language; the category itself when it has no name."""
    french, english = NAMES.get(category, (category, category))
    return french if language == "fr" else english
