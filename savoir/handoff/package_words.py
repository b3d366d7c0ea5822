"""The words of a hand-over package, French and English."""

from __future__ import annotations

TYPES = {
    "smartphone": ("Téléphone", "Phone"), "tablet": ("Tablette", "Tablet"), "laptop": ("Ordinateur portable", "Laptop"),
    "television": ("Téléviseur", "Television"), "headphones": ("Casque ou écouteurs", "Headphones"), "speaker": ("Enceinte", "Speaker"),
    "router": ("Box ou routeur", "Router"), "smartwatch": ("Montre connectée", "Smartwatch"), "camera": ("Caméra", "Camera"),
    "console": ("Console", "Console"), "accessory": ("Accessoire", "Accessory"),
}
MOODS = {
    "insult": ("En colère, avec des insultes", "Angry, with insults"), "angry": ("En colère", "Angry"), "distress": ("En détresse", "In distress"),
    "vulnerable": ("Dépend beaucoup de l'appareil", "Depends much on the device"), "pleased": ("Content", "Pleased"),
    "annoyed": ("Mécontent", "Annoyed"), "calm": ("Calme", "Calm"),
}
WORDS = {
    "unverified": ("identité non vérifiée", "identity not verified"),
    "verified": ("identité vérifiée", "identity verified"),
    "unknown": ("Client inconnu", "Unknown customer"),
    "wrote_as": ("écrit sous {value}", "writes as {value}"),
    "photos_one": ("1 photo envoyée", "1 photo sent"),
    "photos": ("{value} photos envoyées", "{value} photos sent"),
    "article": ("Article proposé : {value}", "Article offered: {value}"),
    "ticket": ("Dossier {value} ouvert", "Ticket {value} opened"),
    "covered": ("sous garantie jusqu'au {value}", "under warranty until {value}"),
    "not_covered": ("garantie finie le {value}", "warranty ended on {value}"),
    "nothing_said": ("N'a pas encore dit pourquoi", "Hasn't said why yet"),
}
BECAUSE = {
    "understood": ("d'après ce que l'assistant a compris", "from what the assistant understood"),
    "symptom": ("d'après la panne décrite", "from the fault that was described"),
    "ticket": ("d'après le dossier {value}", "from the ticket {value}"),
    "reason": ("d'après le motif de la remise", "from the reason of the hand-over"),
    "nothing": ("rien de précis n'a été dit", "nothing precise was said"),
    "danger": ("danger ou fraude", "danger or fraud"),
    "upset": ("le client est très mécontent", "the customer is very upset"),
    "vulnerable": ("le client dépend de l'appareil", "the customer depends on the device"),
    "own": ("l'usage pour cette catégorie", "as is usual for this category"),
    "words": ("d'après ses mots", "from their words"),
    "corrected": ("corrigé par {value}", "corrected by {value}"),
    "model": ("modèle nommé dans la conversation", "model named in the conversation"),
    "device": ("son seul appareil enregistré", "their only registered device"),
}
NEXT = {
    "safety": (
        "Assurez-vous que la personne est hors de danger (appareil débranché, à l'écart), puis prenez le dossier en main vous-même.",
        "Make sure that the person is safe (device unplugged, kept away), then deal with it yourself.",
    ),
    "fraud": (
        "Ne demandez ni code ni numéro de carte. Notez ce qui s'est passé et bloquez la commande en cause.",
        "Ask for no code and no card number. Write down what happened and block the order in question.",
    ),
    "identify": (
        "Demandez le numéro de commande et l'adresse e-mail ou le code postal. Ne dites rien d'une commande avant.",
        "Ask for the order number and the e-mail address or postcode. Say nothing of an order before that.",
    ),
    "complaint": (
        "Reconnaissez la gêne, dites ce que vous allez faire et pour quand. {ticket}",
        "Acknowledge the trouble, say what you will do and by when. {ticket}",
    ),
    "repair": (
        "Le diagnostic est fait et n'a pas suffi : proposez la réparation. {cover}",
        "The diagnosis is done and wasn't enough: offer the repair. {cover}",
    ),
    "late_order": (
        "La commande {order} est en retard ou perdue : dites où elle en est, proposez un renvoi ou un remboursement.",
        "Order {order} is late or lost: say where it stands, offer to send it again or to refund it.",
    ),
    "ticket": (
        "Un dossier est ouvert ({ticket}) : poursuivez-le plutôt que d'en ouvrir un autre.",
        "There is an open ticket ({ticket}): go on with it rather than opening another.",
    ),
    "ask": ("Demandez ce qui amène le client : rien n'a été dit encore.", "Ask what brings the customer: nothing was said yet."),
    "answer": ("Répondez à : « {wanted} »", "Answer: “{wanted}”"),
    "goodwill": ("Commencez par reconnaître la gêne. ", "Begin by acknowledging the trouble. "),
}


def say(table: dict[str, tuple[str, str]], code: str, language: str, **values: str) -> str:
    """The words for a code in a language, with the values put in."""
    french, english = table[code]
    return (french if language == "fr" else english).format(**values)


def quote(text: str, language: str) -> str:
    """Somebody's own words, marked as such."""
    return f"«\u00a0{text}\u00a0»" if language == "fr" else f"“{text}”"
