"""What the server answers when it refuses, in Telegram's own words."""

from __future__ import annotations


class ApiError(Exception):
    """A call that fails: the HTTP status, Telegram's description and, for floods, the seconds to wait."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def as_json(self) -> dict[str, object]:
        """The body of the answer."""
        body: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad(text: str) -> ApiError:
    """400: the request itself is wrong."""
    return ApiError(400, f"Bad Request: {text}")


def cannot(why: str) -> ApiError:
    """The refusal of markup."""
    return bad(f"can't parse entities: {why}")


def forbidden(text: str) -> ApiError:
    """403: the bot may not speak there."""
    return ApiError(403, f"Forbidden: {text}")


def conflict(text: str) -> ApiError:
    """409: two ways of fetching updates at once."""
    return ApiError(409, f"Conflict: {text}")


def flood(seconds: int) -> ApiError:
    """429: too much; `seconds` is how long to keep quiet."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
