"""What can be wrong with a request, said so that the asker can mend it. HTTP turns each into a problem document (RFC 9457)."""

from __future__ import annotations

from typing import Any


class Problem(Exception):
    """A request that cannot be served: a stable `code`, the HTTP `status` it maps to, and one clear sentence.

    `extra` holds members for programs (`limit`, `retry_after`).
    """

    def __init__(self, code: str, status: int, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.code, self.status, self.detail, self.extra = code, status, detail, extra

    @property
    def title(self) -> str:
        """The code in words."""
        return self.code.replace("-", " ").capitalize()


def not_found(what: str, name: object) -> Problem:
    """404: `what` with that name does not exist, or is not the asker's."""
    return Problem("not-found", 404, f"There is no {what} {str(name)[:80]!r} here.")


def invalid(code: str, detail: str, **extra: Any) -> Problem:
    """422: the request can't be taken as it is."""
    return Problem(code, 422, detail, **extra)
