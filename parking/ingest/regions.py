"""State of a plate: from the many ways of writing it to "US-CA"."""

import re

STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky",
    "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire",
    "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota",
    "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont",
    "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip
_BY_NAME = {name.upper(): code for code, name in STATES.items()}
_ABROAD = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")  # ISO 3166-2: CA-ON, MX-BCN


def region(written: str, *, bare_is_state: bool = True) -> str:
    """ISO 3166-2 code of a state or province ("US-CA"), "" when the text names none.

    Understands "us-ca", "US_CA", "CA" and "California". Two letters alone are a state of the US, unless the format
    writes countries so (`bare_is_state=False`: Plate Recognizer's "ca" is Canada).
    """
    known = written.strip().upper().replace("_", "-")
    if known in _BY_NAME:
        return f"US-{_BY_NAME[known]}"
    if known in STATES and bare_is_state:
        return f"US-{known}"
    if known.startswith("US-"):
        return known if known[3:] in STATES else ""
    return known if _ABROAD.fullmatch(known) else ""
