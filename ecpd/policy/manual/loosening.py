"""Which direction of each setting loosens its rule (AU-04): the database reads it, the manual's page shows it.

`down`, `up`: a lower or higher number; `on`, `off`: yes or no; `more`: a list with an entry more; `any`: whatever is not
what it was, where nothing tells which of two values is the stricter; `neither`: an address, a name, or a number of which
neither direction is looser.
"""

DOWN = (
    "search_reason_min_chars", "quality_eye_distance_min_px", "quality_sharpness_min", "quality_exposure_min",
    "match_score_min", "lot_min", "corroboration_min", "examination_min_similar", "warrant_approvers", "approver_hours",
    "grace_minutes", "zone_probability_min",
    "payment_due_days", "review_days_after_issue", "review_days_after_delinquent", "hearing_days_after_result",
    "court_days_after_decision", "court_mail_extension_days", "late_fee_days_after_delinquent",
    "contest_tries_per_hour", "plan_months_max", "plan_debt_max_dollars", "permit_reminder_days",
    "permit_reminder_last_days", "permit_renewal_days", "stored_hours", "warning_hours_stored",
    "warning_hours_abandoned", "warning_hours_hulk", "moved_miles_min", "tow_hearing_ask_days",
)  # fmt: skip
UP = (
    "self_opened_hours",
    "same_face_cosine", "second_exam_hours", "quality_yaw_max_deg", "quality_pitch_max_deg", "candidate_list_length",
    "certificate_months", "supplement_hours",
    "first_read_valid_minutes", "plate_retention_days", "drove_off_mail_days", "hearing_held_within_days", "copy_days",
    "plan_monthly_max_dollars", "plan_fee_max_dollars", "disabled_penalty_min_dollars", "disabled_penalty_max_dollars",
    "permit_swaps_per_day", "permit_borrowed_days", "permit_link_hours", "permit_tries_per_hour", "hotlist_days_max",
    "long_stay_gap_hours", "tow_notice_hours", "tow_hearing_held_hours",
)  # fmt: skip
OFF = ("lead_supervisor_signoff",)
ON = ("lineup_counts_alone",)
MORE = ("fr_offence_classes",)
ANY = ("model_card",)
NEITHER = (
    "plate_retention_resolution", "citation_mail_address", "citation_phone", "citation_web", "stored_ordinance",
    "tow_hearing_contact",
)  # fmt: skip

_WORDS = {"down": DOWN, "up": UP, "off": OFF, "on": ON, "more": MORE, "any": ANY, "neither": NEITHER}
LOOSENS: dict[str, str] = {name: direction for direction, names in _WORDS.items() for name in names}
IN_WORDS = {
    "down": "a lower value",
    "up": "a higher value",
    "off": "“no”",
    "on": "“yes”",
    "more": "an entry more",
    "any": "any other value",
    "neither": "neither direction",
}


def loosens(direction: str, before: object, after: object) -> bool:
    """Whether going from one value to another loosens; the database asks the same (`ecpd_loosens`)."""
    if direction == "any":
        return before != after
    if isinstance(before, list) and isinstance(after, list):
        return direction == "more" and not set(after) <= set(before)
    if isinstance(before, bool) or isinstance(after, bool):
        return before != after and after is (direction == "on") and direction in ("on", "off")
    if isinstance(before, (int, float)) and isinstance(after, (int, float)):
        return after < before if direction == "down" else after > before if direction == "up" else False
    return False
