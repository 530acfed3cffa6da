"""The three matters of PK-04 and what each rests on. Time alone never says "abandoned"."""

STORED, ABANDONED, HULK = "stored_72h", "abandoned", "hazard_hulk"

ABANDONED_GROUNDS = {
    "no_registration": "Registration expired, or none",
    "no_plates": "No license plates",
    "inoperable": "Cannot be driven",
    "burned": "Burned or wrecked",
    "stripped": "Stripped of parts",
    "debris": "Filled with or surrounded by debris or growth",
    "given_up": "The owner says it is given up",
    "long_unmoved": "Has not moved for a long time",
}
MISSING_PARTS = {
    "engine": "Engine",
    "transmission": "Transmission",
    "wheels": "Wheels or tires",
    "doors": "Doors",
    "windshield": "Windshield",
    "major_part": "Another major part it needs to be driven safely",
}
TIME_ALONE = frozenset({"long_unmoved"})

AUTHORITY = {
    STORED: "Vehicle Code 22651(k)",
    ABANDONED: "Vehicle Code 22669(a), 22523",
    HULK: "Vehicle Code 22669(d)",
}


def words_of(codes: list[str]) -> list[str]:
    """Grounds in words, in the order of the tables; an unknown code stands for itself."""
    known = ABANDONED_GROUNDS | MISSING_PARTS
    return [known[code] for code in known if code in codes] + [code for code in codes if code not in known]


def what_is_missing(kind: str, grounds: list[str], words: str, ordinance: str) -> str:
    """Why a matter of this kind has no ground to stand on, in a sentence; "" when it has one."""
    if kind == STORED:
        return "" if ordinance.strip() else "No city ordinance is named that authorizes removal after 72 hours."
    if kind == ABANDONED:
        if not set(grounds) & set(ABANDONED_GROUNDS) - TIME_ALONE:
            return "Nothing but time speaks for it: time alone never says “abandoned”."
        return "" if words.strip() else "What was seen is not written down."
    return "" if set(grounds) & set(MISSING_PARTS) else "No missing part is named."
