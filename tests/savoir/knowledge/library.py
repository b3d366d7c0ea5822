"""A few articles in both languages for the tests of search."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from savoir.knowledge import service

ARTICLES = {
    ("phone-not-charging", "fr"): (
        "Mon téléphone ne charge plus",
        "Nettoyez la prise du téléphone, puis essayez un autre câble et un autre chargeur.\n\n## Le téléphone chauffe\n\n"
        "La charge s'arrête au-dessus de 45 degrés. Laissez-le refroidir à l'ombre, sans coque.\n\n## La bonne puissance\n\n"
        "| Modèle | Chargeur | Durée |\n|---|---|---|\n| Nova 5 | 25 W | 90 min |\n| Nova 6 | 65 W | 50 min |\n",
        ["nova-5", "nova-6"], ["hardware.battery"], ["mon portable ne se recharge pas"],
    ),
    ("phone-not-charging", "en"): (
        "My phone does not charge",
        "Clean the socket of the phone, then try another cable and another charger.",
        ["nova-5", "nova-6"], ["hardware.battery"], ["the battery stays at 3% when plugged in"],
    ),
    ("refund-delays", "fr"): (
        "Quand vais-je être remboursé ?",
        "Le remboursement part dans les cinq jours après l'arrivée du retour. Voir [le retour](article:return-product).",
        [], ["order.refund"], ["je n'ai pas reçu mon argent"],
    ),
    ("return-product", "fr"): (
        "Retourner un produit", "Vous avez trente jours pour renvoyer un article. Demandez une étiquette de retour.", [], ["order.return"], [],
    ),
    ("return-product", "en"): (
        "Return a product", "You have thirty days to send an item back. Ask for a return label.", [], ["order.return"], [],
    ),
    ("camera-underwater", "en"): (
        "Use the camera in water", "Without a case the camera goes down to 10 metres. Close both doors and rinse it afterwards.",
        ["cap-4k"], ["usage.how_to"], ["can I dive with the camera"],
    ),
    ("router-password", "fr"): (
        "Mot de passe Wi-Fi oublié", "Le mot de passe du Wi-Fi est sur l'étiquette, sous le routeur.", ["passerelle-ax3"], ["account.login"], [],
    ),
    ("tv-no-sound", "fr"): (
        "Mon téléviseur n'a plus de son", "Vérifiez la sortie audio du téléviseur et coupez le mode muet.", ["horizon-55"], ["hardware.audio"], [],
    ),
}


def fill(session: Session) -> None:
    """Puts the articles in."""
    for (id, language), (title, body, products, categories, questions) in ARTICLES.items():
        service.save_article(
            session, id=id, language=language, title=title, body=body, updated=date(2026, 5, 3), products=products, categories=categories,
            questions=questions,
        )


def write(folder: Path, name: str, body: str = "Un texte.", **changed: str) -> Path:
    """Writes an article file; a field set to an empty text is left out."""
    fields = {"id": name, "language": "fr", "title": "Un titre", "products": "[nova-6]", "categories": "[usage.how_to]", "updated": "2026-05-03"}
    fields |= changed
    lines = "\n".join(f"{field}: {value}" for field, value in fields.items() if value)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.md"
    path.write_text(f"---\n{lines}\n---\n{body}\n", encoding="utf-8")
    return path
