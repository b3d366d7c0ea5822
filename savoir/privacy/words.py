"""How what is held about a person is named on the page that they read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency

TITLE = {"fr": "Vos données personnelles", "en": "Your personal data"}
ABOUT = {
    "fr": (
        "Voici tout ce que notre service après-vente garde à votre sujet. Nous l'utilisons pour répondre à vos questions, suivre vos commandes, "
        "vos retours et vos réparations, et tenir notre comptabilité. Ces données restent sur nos propres serveurs ; elles ne sont transmises "
        "qu'à ceux dont nous avons besoin pour vous servir, comme le transporteur ou le réparateur.",
        "Vous pouvez faire corriger ou effacer ces données, ou vous opposer à leur utilisation : demandez-le-nous dans le chat. Les pièces "
        "comptables sont conservées dix ans (article L123-22 du code de commerce). Vous pouvez aussi adresser une réclamation à la CNIL "
        "(www.cnil.fr).",
        "Le fichier donnees.json contient les mêmes données, pour d'autres logiciels. S'il y a un fichier assistant.json, il contient ce que "
        "l'assistant automatique a retenu de vos messages.",
    ),
    "en": (
        "This is everything our after-sales service keeps about you. We use it to answer your questions, to follow your orders, returns and "
        "repairs, and to keep our accounts. It stays on our own servers; only those we need to serve you, such as the carrier or the repairer, "
        "are given what they need.",
        "You can have this data corrected or erased, or object to its use: ask us in the chat. Accounting records are kept for ten years "
        "(article L123-22 of the French Commercial Code). You can also complain to the French data protection authority, the CNIL (www.cnil.fr).",
        "The file data.json holds the same data for other software. If there is a file assistant.json, it holds what the automatic assistant "
        "remembers of your messages.",
    ),
}
_LABELS = {
    "account": ("Votre compte", "Your account"), "orders": ("Vos commandes", "Your orders"), "parcels": ("Vos colis", "Your parcels"),
    "cancellations": ("Vos annulations", "Your cancellations"), "returns": ("Vos retours et échanges", "Your returns and exchanges"),
    "delivery_claims": ("Vos réclamations de livraison", "Your delivery claims"),
    "payment_reports": ("Vos signalements de paiement", "Payment problems you reported"), "devices": ("Vos appareils", "Your devices"),
    "contact_changes": ("Vos changements de coordonnées", "Changes to your contact details"),
    "identity_checks": ("Vérifications d'identité", "Identity checks"), "codes": ("Codes envoyés", "Codes sent"),
    "signed_identities": ("Connexions depuis notre site", "Sign-ins from our site"), "repairs": ("Vos réparations", "Your repairs"),
    "appointments": ("Vos rendez-vous", "Your appointments"), "part_orders": ("Vos commandes de pièces", "Your orders for parts"),
    "part_notices": ("Pièces dont vous attendez le retour", "Parts you are waiting for"), "tickets": ("Vos dossiers", "Your cases"),
    "ticket_additions": ("Ce que vous avez ajouté à d'autres dossiers", "What you added to other cases"), "callbacks": ("Rappels promis", "Promised calls"), "handovers": ("Ce que l'assistant a transmis à un conseiller", "What the assistant passed on to an adviser"),
    "known": ("Ce qu'il savait", "What it knew"), "intent": ("Demande", "Request"), "diagnosis": ("Diagnostic", "Diagnosis"), "conversations": ("Vos conversations", "Your conversations"),
    "requests": ("Vos demandes sur vos données", "Your requests about your data"), "messages": ("Messages", "Messages"),
    "history": ("Historique", "History"), "rating": ("Votre avis", "Your rating"), "lines": ("Articles", "Items"),
    "attachments": ("Photos", "Photos"), "cards": ("Fiches", "Cards"),
    "asked_questions": ("Vos questions aux articles d'aide", "Your questions to the help articles"), "question": ("Question", "Question"),
    "chosen": ("Article choisi", "Article chosen"), "helped": ("Réponse utile", "The answer helped"),
    "id": ("Identifiant", "Identifier"), "number": ("Numéro", "Number"), "first_name": ("Prénom", "First name"), "last_name": ("Nom", "Last name"),
    "email": ("E-mail", "E-mail"), "phone": ("Téléphone", "Phone"), "street": ("Rue", "Street"), "postal_code": ("Code postal", "Postcode"),
    "city": ("Ville", "City"), "country": ("Pays", "Country"), "language": ("Langue", "Language"), "customer": ("Client", "Customer"),
    "created_at": ("Créé le", "Created"), "updated_at": ("Modifié le", "Changed"), "at": ("Le", "When"), "placed_at": ("Passée le", "Placed"),
    "status": ("État", "State"), "state": ("État", "State"), "status_at": ("État depuis", "State since"), "state_at": ("État depuis", "State since"),
    "carrier": ("Transporteur", "Carrier"), "tracking_number": ("Numéro de suivi", "Tracking number"), "shipped_at": ("Expédié le", "Shipped"),
    "expected_at": ("Attendu le", "Expected"), "delivered_at": ("Livré le", "Delivered"), "recipient": ("Destinataire", "Recipient"),
    "shipping_cents": ("Frais de port", "Postage"), "total_cents": ("Total", "Total"), "refund_cents": ("Remboursement", "Refund"),
    "unit_cents": ("Prix unitaire", "Unit price"), "quote_cents": ("Devis", "Quote"), "amount_cents": ("Montant", "Amount"),
    "product_cents": ("Valeur de l'article", "Value of the item"), "delivery_cents": ("Frais de livraison remboursés", "Delivery refunded"),
    "payment": ("Paiement", "Payment"), "product": ("Produit", "Product"), "quantity": ("Quantité", "Quantity"), "part": ("Pièce", "Part"),
    "order_number": ("Commande", "Order"), "serial_number": ("Numéro de série", "Serial number"), "purchased_at": ("Acheté le", "Bought"),
    "has_extension": ("Extension de garantie", "Extended warranty"), "reason": ("Motif", "Reason"), "note": ("Remarque", "Note"),
    "kind": ("Nature", "Kind"), "field": ("Coordonnée", "Detail"), "old": ("Avant", "Before"), "new": ("Après", "After"),
    "conversation": ("Conversation", "Conversation"), "succeeded": ("Réussie", "Succeeded"), "purpose": ("Pour", "For"),
    "sent_to": ("Envoyé à", "Sent to"), "attempts": ("Essais", "Attempts"), "expires_at": ("Valable jusqu'au", "Valid until"),
    "used_at": ("Utilisé le", "Used"), "outcome": ("Résultat", "Outcome"), "opened_at": ("Ouvert le", "Opened"),
    "closed_at": ("Clos le", "Closed"), "symptom": ("Panne", "Fault"), "under_warranty": ("Sous garantie", "Under warranty"),
    "appointment_at": ("Rendez-vous", "Appointment"), "technician": ("Technicien", "Technician"), "repair": ("Réparation", "Repair"),
    "starts_at": ("Début", "From"), "ends_at": ("Fin", "To"), "day": ("Jour", "Day"), "subject": ("Objet", "Subject"), "body": ("Texte", "Text"),
    "category": ("Catégorie", "Category"), "urgency": ("Urgence", "Urgency"), "queue": ("Service", "Queue"), "channel": ("Canal", "Channel"),
    "product_type": ("Type de produit", "Type of product"), "product_model": ("Modèle", "Model"), "author": ("Auteur", "Author"),
    "actor": ("Par", "By"), "agent_name": ("Conseiller", "Agent"), "text": ("Texte", "Text"), "payload": ("Bouton", "Button"),
    "private": ("Note interne", "Internal note"), "page_url": ("Page", "Page"), "score": ("Note", "Score"), "effort": ("Effort", "Effort"),
    "recommend": ("Recommandation", "Recommendation"), "comment": ("Commentaire", "Comment"), "seq": ("N°", "No."), "quote_status": ("Réponse au devis", "Answer to the quote"),
    "received_at": ("Reçu le", "Received"), "due_at": ("Réponse due le", "Answer due"), "confirmed_at": ("Confirmé le", "Confirmed"),
    "done_at": ("Fait le", "Done"), "requested_at": ("Demandé le", "Requested"), "refunded_at": ("Remboursé le", "Refunded"),
    "ordered_at": ("Commandé le", "Ordered"), "asked_at": ("Demandé le", "Asked"), "told_at": ("Prévenu le", "Told"),
    "waiting_since": ("En attente depuis", "Waiting since"), "taken_at": ("Pris en charge le", "Taken"), "resolved_at": ("Résolue le", "Resolved"),
}


def label(name: str, language: str) -> str:
    """A section's or a member's name in `fr` or `en`; its own name in words where there is none."""
    known = _LABELS.get(name)
    return known[0 if language == "fr" else 1] if known else name.replace("_", " ").capitalize()


def shown(name: str, value: Any, language: str, zone: Any) -> str:
    """A value for people: money in euros, times in the firm's zone, yes and no; anything else as it is."""
    locale = "fr_FR" if language == "fr" else "en_GB"
    if isinstance(value, bool):
        return {"fr": ("non", "oui"), "en": ("no", "yes")}[language][value]
    if name.endswith("_cents") and isinstance(value, int):
        return str(format_currency(value / 100, "EUR", locale=locale))
    if isinstance(value, str):
        try:
            if len(value) == 10:
                return str(format_date(date.fromisoformat(value), "long", locale))
            moment = datetime.fromisoformat(value)
            return str(format_datetime(moment, "long", zone, locale)) if moment.tzinfo else value
        except ValueError:
            return value
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return str(value)
