"""Every parameter with its default; the manual in force may differ by amendment (AU-04)."""

from ecpd.policy.manual.types import Parameter, number, some_of, text, yes_no

_ALL = [
    Parameter(
        "fr_offence_classes",
        "FR-02",
        ["person", "property"],
        "Offense classes a suspect search may name",
        "NIBRS crimes against",
        some_of("person", "property", "society"),
    ),
    Parameter(
        "search_reason_min_chars",
        "FR-02",
        60,
        "Least length of the facts given for a search",
        "characters",
        number(20, 1000, whole=True),
    ),
    Parameter(
        "self_opened_hours",
        "FR-02",
        24,
        "A captain accepts a case in which its opener searches, within",
        "hours",
        number(1, 72),
    ),
    Parameter("quality_eye_distance_min_px", "FR-04", 20, "Least distance between the eyes", "pixels", number(10, 200)),
    Parameter("quality_sharpness_min", "FR-04", 0.10, "Least sharpness", "0 to 1", number(0, 1)),
    Parameter("quality_yaw_max_deg", "FR-04", 40, "Most the face may be turned to the side", "degrees", number(5, 90)),
    Parameter("quality_pitch_max_deg", "FR-04", 40, "Most the face may be tilted up or down", "degrees", number(5, 90)),
    Parameter("quality_exposure_min", "FR-04", 0.12, "Least light", "0 to 1", number(0, 1)),
    Parameter("match_score_min", "FR-07", 95, "Least match score of a lead", "of 100", number(50, 100)),
    Parameter(
        "model_card",
        "FR-07",
        "",
        "Model card in force; while empty, the first that was kept",
        "SHA-256",
        text(0, 64),
    ),
    Parameter(
        "candidate_list_length", "FR-07", 8, "Candidates a search shows", "candidates", number(1, 50, whole=True)
    ),
    Parameter("lead_supervisor_signoff", "FR-08", False, "A third person signs off on each lead", "yes or no", yes_no),
    Parameter(
        "lot_min",
        "FR-08",
        3,
        "People among whom a second examiner is to be drawn; fewer are told and disclosed",
        "people",
        number(1, 20, whole=True),
    ),
    Parameter(
        "second_exam_hours",
        "FR-08",
        24,
        "Time a second examiner has before another is drawn",
        "hours",
        number(1, 336, whole=True),
    ),
    Parameter(
        "corroboration_min",
        "FR-10",
        1,
        "Verified independent items a warrant needs",
        "items",
        number(1, 10, whole=True),
    ),
    Parameter(
        "lineup_counts_alone", "FR-11", False, "A photo line-up counts without another item", "yes or no", yes_no
    ),
    Parameter(  # measured in the release: it may only be tightened
        "same_face_cosine",
        "FR-24",
        0.5,
        "How similar two templates are that are taken for one person's",
        "cosine",
        number(0.3, 0.5),
    ),
    Parameter("warrant_approvers", "FR-13", 1, "Captains who must approve", "captains", number(1, 5, whole=True)),
    Parameter(
        "approver_hours",
        "FR-13",
        8,
        "Where no captain can decide, the chief does after",
        "hours",
        number(1, 168, whole=True),
    ),
    Parameter(
        "supplement_hours",
        "FR-27",
        24,
        "What comes in after approval and speaks against it is disclosed within",
        "hours",
        number(1, 168, whole=True),
    ),
    Parameter(
        "examination_min_similar",
        "FR-22",
        8,
        "Components that are similar where two examiners conclude a possible match",
        "components of 19",
        number(1, 19, whole=True),
    ),
    Parameter("certificate_months", "FR-20", 12, "A training certificate lasts", "months", number(1, 36, whole=True)),
]

PARAMETERS: dict[str, Parameter] = {parameter.name: parameter for parameter in _ALL}
