"""Reads a postal address, or a part of one, from what a customer typed: `12 rue des Lilas, 35000 Rennes`, `au 9 quai des Brumes`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

from savoir.core.text import fold

_WAYS = (
    r"rue|avenue|av|boulevard|bd|blvd|place|pl|quai|impasse|imp|allees?|chemin|ch|route|rte|square|cours|passage|faubourg|fbg|fg|villa|residence|res|"
    r"lotissement|hameau|lieu[- ]dit|sentier|esplanade|promenade|mail|ruelle|venelle|cite|montee|voie|clos|rond[- ]point|chaussee|"
    r"street|st|road|rd|lane|drive|close|court|way|square"
)
_NUMBERED = re.compile(rf"(?<![\w-])\d{{1,4}}(?:\s?(?:bis|ter|quater|[a-d]))?\s*,?\s+(?:{_WAYS})\b|(?<![\w-])\d{{1,4}}(?:\s?(?:bis|ter|quater|[a-d]))?,?\s+\w[\w'-]*\s+(?:street|road|lane|avenue|drive|close|way)\b")
_WAY = re.compile(rf"\b(?:{_WAYS})\b(?=\s+\w)")
_ANY_NUMBER = re.compile(r"(?<![\w-])\d{1,4}(?:\s?(?:bis|ter|quater|[a-d]))?,?\s+[a-z]")
_FIVE = re.compile(r"(?<![\w+#@/.,-])(?:f-|fr-)?(\d{2}[ .]?\d{3})(?![\w@]|[.,/]\d)")
_FOUR = re.compile(r"(?<![\w+#@/.,-])(?:b-|be-|l-|lu-|ch-)?(\d{4})(?![\w@]|[.,/]\d)")
_COUNTRY = re.compile(r"[,;\s(]+(?:en |au )?(france|belgique|belgium|luxembourg|suisse|switzerland)\b[)\s.!]*$")
_COUNTRIES = {"france": "FR", "belgique": "BE", "belgium": "BE", "luxembourg": "LU", "suisse": "CH", "switzerland": "CH"}
_AFTER_CITY = re.compile(
    r"[,;.!?\n(]|\s(?:-|–)\s|\b(?:svp|stp|s'il|merci|please|pls|thanks|thank|et|and|pour|for|a partir|from|des|dans|au lieu|instead|mon|my|c'est|tel|je|la commande|digicode|code|avec|with)\b"
)
_LEADS = re.compile(
    r"^(?:(?:oui|non|no|yes|ok|alors|donc|voila|pardon|en fait|c'est|it'?s|ce sera|le nouveau|la nouvelle|ma nouvelle|my new|mon nouvel|the new|new|nouvelle|"
    r"adresse|address|est|is|:|,|a|au|aux|at|to|in|chez|plutot|l'|ville|city|town|code postal|postcode|post code|cp|rue)\s*[:,]?\s+)+"
)
_LONGEST_CITY_WORDS = 6


@dataclass(frozen=True)
class TypedAddress:
    """What was found of an address; None where it was not said. `country` as two letters."""

    street: Optional[str] = None
    postal_code: Optional[str] = None
    city: Optional[str] = None
    country: Optional[str] = None

    def __bool__(self) -> bool:
        return bool(self.street or self.postal_code or self.city)

    @property
    def missing(self) -> Optional[str]:
        """The first part that is still to be asked: street, postal_code or city; None when there is nothing."""
        return next((name for name in ("street", "postal_code", "city") if not getattr(self, name)), None)

    def with_more(self, other: "TypedAddress") -> "TypedAddress":
        """Together with what was said later, which goes before."""
        # a new postal code is another town: the old town's name must not stay beside it
        city = self.city if other.postal_code is None or self.postal_code in (None, other.postal_code) else None
        return TypedAddress(
            other.street or self.street, other.postal_code or self.postal_code, other.city or city, other.country or self.country
        )


def read_address(text: str, *, asked: Optional[str] = None, country: str = "FR") -> TypedAddress:
    """The parts of an address in a text, tidied. `asked`: the part that was asked for (street, postal_code, city), which needs no sign of its own."""
    text = " ".join(text.replace("’", "'").split())
    plain = _folded(text)
    named = _COUNTRY.search(plain)
    found_country = _COUNTRIES[named[1]] if named else None
    if named and named.start() > 0:
        text, plain = text[:named.start()], plain[:named.start()]
    country = found_country or country
    code = _code(plain, country)
    street, city = None, None
    before, after = (text[:code.start()], text[code.end():]) if code else (text, "")
    begin = _street_begin(_folded(before), is_sure=bool(code))
    if begin is not None:
        street, rest = _tidy(before[begin:]), ""
        if not code and "," in street:  # `12 rue des Lilas, Rennes`
            street, rest = (part.strip() for part in street.split(",", 1))
        city = _city(rest) or _city(after)
    elif code:
        city = _city(after)
    if code and begin is None and after and not city:
        begin = _street_begin(_folded(after), is_sure=False)
    if asked == "street" and not street and not code and len(text.split()) > 1:
        street = _tidy(_unled(text))
    if asked == "city" and not city and not street and not code and not re.search(r"\d{3}", plain):
        city = _city(_unled(text))
    if street and not re.search(r"[^\W\d_]{2}", street):
        street = None
    return TypedAddress(street or None, re.sub(r"\D", "", code[1]) if code else None, city or None, found_country)


def _code(plain: str, country: str) -> Optional["re.Match[str]"]:
    """The postal code: the last number of the right length, which is no house's number."""
    found = list((_FIVE if country == "FR" else _FOUR).finditer(plain))
    if country != "FR":  # a house may have four digits, but is followed by its street
        found = [match for match in found if not re.match(rf"\s*,?\s*(?:{_WAYS})\b", plain[match.end():])]
    return found[-1] if found else None


def _street_begin(plain: str, *, is_sure: bool) -> Optional[int]:
    for pattern in (_NUMBERED, _WAY) + ((_ANY_NUMBER,) if is_sure else ()):
        match = pattern.search(plain)
        if match:
            return match.start()
    return None


def _city(text: str) -> Optional[str]:
    text = text.strip(" ,;.:-")
    end = _AFTER_CITY.search(_folded(text))
    name = (text[:end.start()] if end else text).strip(" ,;.:-")
    if not name or len(name.split()) > _LONGEST_CITY_WORDS or not re.search(r"[^\W\d_]{2}", name):
        return None
    return name.title() if name.islower() else name


def _unled(text: str) -> str:
    lead = _LEADS.match(_folded(text))
    return text[lead.end():] if lead else text


def _tidy(text: str) -> str:
    return re.sub(r"\s+(?:a|à|in|at)$", "", text.strip(" ,;.:-"))


def _folded(text: str) -> str:
    """Folded letter by letter: as long as the text, so that places stay true."""
    return "".join(plain if len(plain := fold(letter)) == 1 else letter for letter in text)
