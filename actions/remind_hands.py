"""The hand of each kind of reminder. A new kind is entered here."""

from __future__ import annotations

from collections.abc import Mapping

from actions.after_alarm import DangerHand
from actions.follow_up import FollowUpHand
from actions.helped import HelpedHand
from actions.recommend import RecommendHand
from actions.remind_hand import Hand
from actions.remind_offers import OfferHand
from actions.remind_personal import PersonalHand
from actions.remind_visits import VisitHand
from domain.reminders import RuleKind


def hands() -> Mapping[RuleKind, Hand]:
    """New hands for one batch: what they foresee of it they keep."""
    personal = PersonalHand()
    return {
        RuleKind.VISIT: VisitHand(),
        RuleKind.OFFER: OfferHand(),
        RuleKind.PERSONAL: personal,
        RuleKind.MEDICINE: personal,
        RuleKind.FOLLOW_UP: FollowUpHand(),
        RuleKind.RECOMMEND: RecommendHand(),
        RuleKind.HELPED: HelpedHand(),
        RuleKind.DANGER: DangerHand(),
    }
