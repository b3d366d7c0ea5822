"""What words alone decide, beside the model: danger and fraud never wait for it, and automatic mail gives itself away."""

from __future__ import annotations

import re
from typing import Mapping

from savoir.core.text import fold

_DANGER = re.compile(
    r"\b(?:smok(?:e|es|ed|ing)\b(?! test)|fumee|fume\b|a fume|caught fire|on fire|a pris feu|prend feu|prenait feu|depart de feu|flamm?es?\b|burn(?:t|ed|ing)?\b (?:smell|my|his|her|the|our|mark)|smell\w* (?:of )?(?:burn\w*|scorch\w*)|"
    r"odeur de brul\w*|sent le (?:brule|crame|roussi)|brulures?\b|s est brule|swell\w*|swollen|bulg\w+|gonfl\w+|bombee?\b|melt(?:ed|ing)\b|fondue?\b|etincelles?|sparks?\b|sparking|"
    r"electric(?:al)? shock|got a shock|electrocut\w*|decharge electrique|pris une (?:bonne )?decharge|explos\w+|exploded|blister\w*|cloques?\b|scorch\w*|carbonis\w*)"
)
_NOT = re.compile(r"\b(?:no|not|pas de|pas d|aucune?|without|sans|ni|nor|never|jamais|isn t|n est pas) (?:\w+ ){0,2}$")
_FRAUD = re.compile(
    r"\b(?:i did(?:n t| not) (?:order|place|buy|make)|never (?:ordered|placed|bought)|n ai (?:jamais|rien) (?:commande|passe|achete)|pas passe cette commande|"
    r"usurp\w+|identity theft|pirate\w*|hacked|gave (?:them|him|her) (?:the|my) (?:code|card)|donne (?:le|mon) (?:code|numero)|stolen card|carte volee|using my (?:card|account|name)|avec ma carte|with my card|arnaqu\w+|scammed)"
)
_AUTO = re.compile(
    r"\b(?:automatic reply|auto(?:matic)? ?(?:reply|response|answer)|autoreply|out of (?:the )?office|reponse automatique|message automatique|absence du bureau|undeliver\w+|undelivered mail|"
    r"mail delivery (?:failed|system|subsystem)|delivery status notification|echec de la remise|non remis|accuse de (?:lecture|reception automatique)|do not reply to this|ne pas repondre a ce message)"
)
_LEGAL = re.compile(
    r"\b(?:lawyers?|solicitors?|attorney|avocate?s?|mediat(?:or|eur|ion|rice)|ombudsman|small claims|trading standards|dgccrf|ufc|que choisir|60 millions de consommateurs|tribunal|conciliateur|chargeback|"
    r"mise en demeure|huissier|commissaire de justice|letter before action|signal ?conso|consumer (?:body|association|rights association))\b"
)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", fold(text))


def tells_danger(text: str) -> bool:
    """Whether smoke, fire, swelling, a shock or a burn is told, and not denied."""
    plain = _plain(text)
    return any(not _NOT.search(plain[: found.start()]) for found in _DANGER.finditer(plain))


def tells_fraud(text: str) -> bool:
    """Whether a stranger's use of card, account or name is told."""
    return bool(_FRAUD.search(_plain(text)))


def tells_law(text: str) -> bool:
    """Whether a lawyer, a mediator, a consumer body or a chargeback is named."""
    return bool(_LEGAL.search(_plain(text)))


def is_automatic_mail(subject: str, body: str, headers: Mapping[str, str]) -> bool:
    """Whether headers (RFC 3834 and its forerunners) or the usual words say that a program wrote it."""
    named = {name.lower(): value.strip().lower() for name, value in headers.items()}
    if named.get("auto-submitted", "no") != "no" or named.get("precedence") in ("auto_reply", "bulk", "junk") or "x-autoreply" in named or named.get("return-path") == "<>":
        return True
    return bool(_AUTO.search(_plain(subject)) or _AUTO.search(_plain(body[:400])))
