"""Labels of returns: what stands on them, in both languages, and when there is none."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader

from savoir.core.errors import Problem
from savoir.core.settings import Settings
from savoir.customers.service import ReturnOpened, open_return, return_by_number, return_label

from .shop import Shop


def label(shop: Shop, settings: Settings, number: str, language: str = "fr") -> Any:
    def make(session: Any, at: Any) -> Any:
        request = return_by_number(session, number)
        assert request is not None
        return return_label(session, request, language=language, settings=settings)

    return shop.do(make)


def returned(shop: Shop) -> str:
    number = shop.order("delivered", lines=(("nova-6", 1, 54900),))
    made = shop.do(open_return, order_number=number, line=0, key="return")
    assert isinstance(made, ReturnOpened)
    return made.number


def text(content: bytes) -> str:
    return " ".join(PdfReader(io.BytesIO(content)).pages[0].extract_text().split())


def test_a_label_says_where_the_parcel_goes_from_whom_and_until_when(shop: Shop, settings: Settings) -> None:
    found = label(shop, settings, returned(shop))
    assert found.file_name == "etiquette-RET-000001.pdf"
    for said in ("Retour RET-000001", "Port payé", "Destinataire", "Talvène", "4 rue des Embruns", "Expéditeur", "3 rue du Port", "44000 Nantes", "CMD-100001", "1 décembre 2026"):
        assert said in text(found.content), said


def test_an_english_label_is_written_as_english(shop: Shop, settings: Settings) -> None:
    found = label(shop, settings, returned(shop), "en")
    assert found.file_name == "label-RET-000001.pdf"
    assert "Drop off by 1 December 2026" in text(found.content)


def test_the_same_return_gives_the_same_label(shop: Shop, settings: Settings) -> None:
    number = returned(shop)
    assert label(shop, settings, number) == label(shop, settings, number)


def test_no_label_is_made_in_a_language_that_is_not_spoken(shop: Shop, settings: Settings) -> None:
    with pytest.raises(Problem):
        label(shop, settings, returned(shop), "de")
