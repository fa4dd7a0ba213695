"""Every custom action of the dialogue by its name in `nlu/domain.yml`."""

from __future__ import annotations

from collections.abc import Mapping

from actions.rasa import (
    answers,
    booking,
    booking_questions,
    calendar,
    dropping,
    finish,
    handing,
    linking,
    linking_end,
    linking_questions,
    moving,
    notifying,
    profile,
    pushed,
    queueing,
    rating,
    reminding,
    reminding_list,
    reminding_meant,
    repair,
    whereabouts,
)
from actions.rasa.server import Work
from actions.rasa.turn import Event, Turn


def _misheard(turn: Turn) -> bool:
    return turn.intent != "manage_notifications" and notifying.misheard(turn)


def _first(work: Work) -> Work:
    """An answer that looks first whether the calendar, the queue or our messages are meant: words of those stand in many intents."""

    def looked(turn: Turn) -> list[Event]:
        if calendar.take(turn) or queueing.take(turn):
            return []
        return repair.heard_as(turn, "manage_notifications") if _misheard(turn) else work(turn)

    return looked


def _unless_stopped(work: Work) -> Work:
    """A complaint, where it is none of a reminder that is to stop."""

    def looked(turn: Turn) -> list[Event]:
        return repair.heard_as(turn, "cancel_reminder") if reminding_meant.stops_one(turn) else work(turn)

    return looked


_ANSWERS: dict[str, Work] = {
    "query_entitlement": answers.benefits,
    "ask_service_info": answers.service_info,
    "query_booking": _first(answers.my_bookings),
    "visit_status": whereabouts.visit_status,
    "give_feedback": rating.feedback,
    "complain": handing.complain,
    "request_human": handing.human,
    "consult_health": handing.health,
    "emergency": handing.alarm,
    "crisis": handing.alarm,
    "report_fraud": handing.alarm,
    "set_reminder": reminding_list.meanwhile,
    "query_reminder": reminding_list.listed,
    "cancel_reminder": _first(reminding_list.stop),
    "manage_notifications": _first(notifying.notifications),
    "link_family": handing.family,
    "manage_privacy": handing.privacy,
    "help": repair.help_,
    "repeat": repair.repeat,
}


def answer_aside(turn: Turn) -> list[Event]:
    """`action_answer_aside`: in the middle of a form, the same answer as outside it."""
    if pushed.is_pushed(turn):
        return repair.inform(turn)
    return _ANSWERS.get(turn.intent, repair.small_talk)(turn)


WORKS: Mapping[str, Work] = {
    "action_benefits": answers.benefits,
    "action_service_info": answers.service_info,
    "action_my_bookings": _first(answers.my_bookings),
    "action_visit_status": whereabouts.visit_status,
    "action_feedback": rating.feedback,
    "action_complain": _unless_stopped(handing.complain),
    "action_human": handing.human,
    "action_health": handing.health,
    "action_alarm": handing.alarm,
    "action_my_reminders": reminding_list.listed,
    "action_stop_reminder": _first(reminding_list.stop),
    "action_notifications": _first(notifying.notifications),
    "action_privacy": _first(handing.privacy),
    "action_help": repair.help_,
    "action_repeat": repair.repeat,
    "action_small_talk": _first(repair.small_talk),
    "action_inform": _first(repair.inform),
    "action_clarify": _first(repair.clarify),
    "action_answer_aside": answer_aside,
    "action_stop": finish.stop,
    "action_leave": finish.leave,
    "action_book": finish.book,
    "action_move": finish.move_it,
    "action_drop": finish.drop,
    "action_save_profile": finish.save_profile,
    "action_set_reminder": finish.save_reminder,
    "action_link_family": linking_end.link_family,
    "validate_booking_form": booking.validate,
    "action_ask_booking_form_booking_for": booking_questions.ask_for,
    "action_ask_booking_form_booking_service": booking_questions.ask_service,
    "action_ask_booking_form_booking_channel": booking_questions.ask_channel,
    "action_ask_booking_form_booking_pay": booking_questions.ask_pay,
    "action_ask_booking_form_booking_time": booking_questions.ask_time,
    "action_ask_booking_form_booking_slot": booking_questions.ask_slot,
    "action_ask_booking_form_booking_ok": booking_questions.ask_ok,
    "validate_moving_form": moving.validate,
    "action_ask_moving_form_moving_booking": moving.ask_booking,
    "action_ask_moving_form_moving_time": moving.ask_time,
    "action_ask_moving_form_moving_slot": moving.ask_slot,
    "action_ask_moving_form_moving_ok": moving.ask_ok,
    "validate_dropping_form": dropping.validate,
    "action_ask_dropping_form_dropping_booking": dropping.ask_booking,
    "action_ask_dropping_form_dropping_ok": dropping.ask_ok,
    "validate_profile_form": profile.validate,
    "action_ask_profile_form_profile_field": profile.ask_field,
    "action_ask_profile_form_profile_value": profile.ask_value,
    "action_ask_profile_form_profile_ok": profile.ask_ok,
    "validate_family_form": linking.validate,
    "action_ask_family_form_family_do": linking_questions.ask_do,
    "action_ask_family_form_family_who": linking_questions.ask_who,
    "action_ask_family_form_family_phone": linking_questions.ask_phone,
    "action_ask_family_form_family_scopes": linking_questions.ask_scopes,
    "action_ask_family_form_family_ok": linking_questions.ask_ok,
    "validate_reminding_form": reminding.validate,
    "action_ask_reminding_form_reminding_what": reminding.ask_what,
    "action_ask_reminding_form_reminding_time": reminding.ask_time,
    "action_ask_reminding_form_reminding_ok": reminding.ask_ok,
}
