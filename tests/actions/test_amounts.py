"""Sums and kinds of payment problems, as customers type them."""

from __future__ import annotations

from typing import Optional

import pytest

from actions.amounts import amount_of
from actions.payments import problem_of
from savoir.core.text import fold


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("549 euros", 54900), ("1 299,90 €", 129990), ("€49.90", 4990), ("549€90", 54990), ("deux fois 12,5 eur", 1250), ("c'est 183,00", 18300),
        ("la CMD-104233 de 89 €", 8900), ("j'ai été débité 2 fois", None), ("le 3 mai", None), ("commande 104233", None),
    ],
)
def test_a_sum_is_found_by_its_currency_or_its_cents(typed: str, cents: Optional[int]) -> None:
    assert amount_of(fold(typed)) == cents


def test_a_bare_number_is_a_sum_only_where_one_was_asked_for() -> None:
    assert amount_of("549") is None
    assert amount_of("549", is_asked=True) == 54900
    assert amount_of("cmd-104233", is_asked=True) is None


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("j'ai été débité deux fois", "double_charge"), ("vous m'avez prélevé 2x", "double_charge"), ("I was charged twice", "double_charge"),
        ("deux prélèvements pour la même commande", "double_charge"), ("carte refusée 3 fois", "failed_payment"), ("payment declined", "failed_payment"),
        ("on m'a pris 599 au lieu de 549", "wrong_amount"), ("the amount doesn't match", "wrong_amount"), ("I don't recognise this charge", "unknown_charge"),
        ("je ne connais pas ce débit", "unknown_charge"), ("un souci avec mon paiement", None), ("problem with a payment", None),
    ],
)
def test_what_is_wrong_with_a_payment_is_heard(typed: str, kind: Optional[str]) -> None:
    assert problem_of(fold(typed)) == kind
