"""Import of spare parts. A row known already is brought up to date."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from savoir.core.importing import Row, RowFault, read_rows
from savoir.customers import service as customers

from .tables import PART_KINDS, SparePart


def import_spare_parts(session: Session, path: Path, shift: timedelta = timedelta(0)) -> int:
    """Columns: id, kind, name_fr, name_en, products (`a|b`), price_cents, stock, self_fit (yes or no); optional restock_at."""
    known = {product.id for product in customers.catalogue(session)}

    def make(row: Row) -> SparePart:
        products = [part.strip() for part in row.text("products").split("|") if part.strip()]
        unknown = [product for product in products if product not in known]
        if unknown:
            raise RowFault(f"`products` holds {unknown[0]!r}, which is not in the catalogue; import the products first")
        price_cents, stock = row.number("price_cents"), row.number("stock")
        if price_cents is None or stock is None:
            raise RowFault(f"`{'price_cents' if price_cents is None else 'stock'}` is empty; a whole number was expected")
        return SparePart(
            id=row.text("id"), kind=row.choice("kind", PART_KINDS), name_fr=row.text("name_fr"), name_en=row.text("name_en"), products=products,
            price_cents=price_cents, stock=stock, restock_at=row.time("restock_at"), is_self_fit=row.choice("self_fit", ("yes", "no")) == "yes",
        )

    rows = read_rows(path, make, shift=shift)
    for row in rows:
        session.merge(row)
    session.flush()
    return len(rows)
