"""The errors Stripe answers with: https://docs.stripe.com/api/errors."""

from typing import Any


class StripeError(Exception):
    """Answered with `status` and the body Stripe would send. `keeps`: what was done before it stays done."""

    def __init__(self, status: int, kind: str, message: str, *, keeps: bool = False, **facts: Any) -> None:
        super().__init__(message)
        self.status = status
        self.keeps = keeps
        self.error = {"type": kind, "message": message} | {
            name: fact for name, fact in facts.items() if fact is not None
        }

    @property
    def body(self) -> dict[str, Any]:
        return {"error": self.error}


def invalid(message: str, *, param: str | None = None, code: str | None = None, status: int = 400) -> StripeError:
    return StripeError(status, "invalid_request_error", message, param=param, code=code)


def missing(noun: str, name: str, *, param: str = "id") -> StripeError:
    return invalid(
        f"No such {noun}: '{name}'", param=param, code="resource_missing", status=404 if param == "id" else 400
    )


def unrecognized(method: str, path: str) -> StripeError:
    return invalid(
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at "
        "https://support.stripe.com/.",
        status=404,
    )


def not_built(what: str, param: str | None = None) -> StripeError:
    """What Stripe could do and the stand-in cannot: refused by name rather than silently ignored."""
    return invalid(f"The sandbox does not support {what}.", param=param, code="sandbox_not_supported")


def declined(code: str, message: str, *, decline_code: str | None = None, **facts: Any) -> StripeError:
    return StripeError(402, "card_error", message, keeps=True, code=code, decline_code=decline_code, **facts)
