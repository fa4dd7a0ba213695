"""How providers stand: contract, ratings, punctuality. One number weighs in the choice of times; carers have theirs.

The marks are this project's own settings. Few visits say little, so everybody begins with some good ones.
"""

from __future__ import annotations

from datetime import date

from domain.providers import Provider

# What a provider begins with, counted as so many visits.
_PRIOR, _PRIOR_RATING, _PRIOR_PUNCTUAL = 10, 4.5, 0.95
# A carer begins with more: one hard word alone moves nobody.
_CARER_PRIOR = 30
# Ratings weigh more than the minute somebody came.
_RATING_PART = 0.6
# Below this mark a provider is suspended, but not before so many visits or ratings have spoken.
SUSPEND_BELOW, SUSPEND_AFTER = 0.6, 20


def score(provider: Provider) -> float:
    """From 0 (worst) to 1: ratings (of five) and the part of visits that were in time."""
    rating = _stars(provider.rating_sum, provider.rating_count, _PRIOR) / 5
    punctual = (_PRIOR * _PRIOR_PUNCTUAL + provider.visits_in_time) / (_PRIOR + provider.visits_count)
    return _RATING_PART * rating + (1 - _RATING_PART) * punctual


def _stars(total: int, count: int, prior: int) -> float:
    return (prior * _PRIOR_RATING + total) / (prior + count)


def carer_weight(rating: tuple[int, int]) -> float:
    """How much a carer weighs among those of like providers, from their (sum, count) of ratings.

    Rounded like a provider's: who was liked a little less once comes as often as the others.
    """
    return round(_stars(*rating, _CARER_PRIOR) / 5 * 20) / 20


def weight(provider: Provider, day: date) -> float:
    """How much a provider weighs in the choice of a time on a day; 0 is not to be offered at all.

    Suspended and out of contract weigh nothing. Rounded to a twentieth, so that a single late visit does not turn
    everybody's carer into another one.
    """
    if provider.status != "active" or not under_contract(provider, day):
        return 0.0
    return max(round(score(provider) * 20) / 20, 0.05)


def under_contract(provider: Provider, day: date) -> bool:
    """Whether the contract covers a day, both ends included; no date is no limit."""
    begun = provider.contract_from is None or provider.contract_from <= day
    return begun and (provider.contract_until is None or day <= provider.contract_until)


def to_be_suspended(provider: Provider) -> bool:
    """Whether enough has been heard, and it is below the mark."""
    heard = max(provider.rating_count, provider.visits_count)
    return provider.status == "active" and heard >= SUSPEND_AFTER and score(provider) < SUSPEND_BELOW
