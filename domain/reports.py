"""What came of what was booked, and how it was liked: counts of a period, and the rates that follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class By(StrEnum):
    """What the lines of a report are about."""

    PROVIDER = "provider"
    SERVICE = "service"
    CITY = "city"


class SatisfactionBy(StrEnum):
    """What the lines of a report of satisfaction are about; `carer` is who came."""

    SERVICE = "service"
    PROVIDER = "provider"
    CARER = "carer"
    CITY = "city"
    MONTH = "month"


@dataclass(frozen=True, kw_only=True)
class Satisfaction:
    """One line: the visits that took place and begin in the period, and what was said of them.

    `asked` and `answered` are questions, of which one visit may have several (the elder, the family); `rated` takes in
    those who spoke before they were asked; `mean` is of one to five, `good` how many gave four or five. `recommended` are
    answers to the yearly question of those who are asked about what the line is about, `promoters` (nine, ten) and
    `detractors` (up to six) among them. `complaints` are open now.
    """

    key: str
    name: str
    visits: int = 0
    asked: int = 0
    answered: int = 0
    rated: int = 0
    stars: int = 0
    good: int = 0
    recommended: int = 0
    promoters: int = 0
    detractors: int = 0
    complaints: int = 0

    @property
    def response_rate(self) -> float | None:
        """Of the questions that were asked."""
        return _part(self.answered, self.asked)

    @property
    def mean(self) -> float | None:
        """Of what was rated, one to five."""
        return _part(self.stars, self.rated)

    @property
    def good_rate(self) -> float | None:
        """The share of four and five."""
        return _part(self.good, self.rated)

    @property
    def recommendation(self) -> float | None:
        """Promoters less detractors, of a hundred: from -100 to 100."""
        part = _part(self.promoters - self.detractors, self.recommended)
        return None if part is None else part * 100


def satisfaction_total(
    lines: list[Satisfaction], name: str, recommended: tuple[int, int, int]
) -> Satisfaction:
    """All lines in one; who recommends us stands in several lines and counts once: (answers, promoters, detractors)."""
    answers, promoters, detractors = recommended
    return Satisfaction(
        key="",
        name=name,
        visits=sum(line.visits for line in lines),
        asked=sum(line.asked for line in lines),
        answered=sum(line.answered for line in lines),
        rated=sum(line.rated for line in lines),
        stars=sum(line.stars for line in lines),
        good=sum(line.good for line in lines),
        recommended=answers,
        promoters=promoters,
        detractors=detractors,
        complaints=sum(line.complaints for line in lines),
    )


@dataclass(frozen=True, kw_only=True)
class Fulfilment:
    """One line: bookings that were firm and begin in the period, each counted once under how it ended.

    `ahead` are those that stand and are not over yet: no rate reckons with them.
    `came` are visits that began, `late` those of them that began more than fifteen minutes after the agreed time.
    `nobody_home` is a member who was not there, `nobody_came` a provider who was not. `rating` is the mean of what was
    rated (one to five), None where nothing was.
    """

    key: str
    name: str
    booked: int = 0
    cancelled: int = 0
    ahead: int = 0
    came: int = 0
    verified: int = 0
    late: int = 0
    nobody_home: int = 0
    nobody_came: int = 0
    failed: int = 0
    rated: int = 0
    rating: float | None = None

    @property
    def no_shows(self) -> int:
        """Of either side."""
        return self.nobody_home + self.nobody_came

    @property
    def expected(self) -> int:
        """What was to take place by now: booked, not cancelled, and over."""
        return self.booked - self.cancelled - self.ahead

    @property
    def verified_rate(self) -> float | None:
        """Of what was to take place."""
        return _part(self.verified, self.expected)

    @property
    def late_rate(self) -> float | None:
        """Of the visits that began."""
        return _part(self.late, self.came)

    @property
    def no_show_rate(self) -> float | None:
        """Of what was to take place."""
        return _part(self.no_shows, self.expected)


def _part(some: int, whole: int) -> float | None:
    return some / whole if whole else None


def total(lines: list[Fulfilment], name: str) -> Fulfilment:
    """All lines in one; ratings weigh by how many there were."""
    rated = sum(line.rated for line in lines)
    stars = sum((line.rating or 0.0) * line.rated for line in lines)
    return Fulfilment(
        key="",
        name=name,
        booked=sum(line.booked for line in lines),
        cancelled=sum(line.cancelled for line in lines),
        ahead=sum(line.ahead for line in lines),
        came=sum(line.came for line in lines),
        verified=sum(line.verified for line in lines),
        late=sum(line.late for line in lines),
        nobody_home=sum(line.nobody_home for line in lines),
        nobody_came=sum(line.nobody_came for line in lines),
        failed=sum(line.failed for line in lines),
        rated=rated,
        rating=stars / rated if rated else None,
    )
