"""What the JSON of parking is made of (`ecpd.checks.shape`)."""

from parking.curbs.types import Activity

REFUSED_LINES = {"each": {"keys": {"line": "n", "plate": "s", "reason": "s"}}}
GEOMETRY = {
    "keys": {
        "type": {"one": ["Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"]},
        "coordinates": "a",
    }
}
OPINION = {"keys": {"text": "s", "confidence?": "n0", "agrees": "b0", "words": "s", "at?": "m", "box?": "a0"}}
FACTS = {"each": {"keys": {"code": "s", "sentence": "s", "met?": "b0", "doubt?": "b0", "data?": "o0"}}}
DETAIL = {"keys": {"longitude?": "n0", "latitude?": "n0", "breach?": "s0", "passes?": "a"}}
TEXTS, NUMBERS = {"each": "s"}, {"each": "n"}
SPAN = {
    "only": True,
    "keys": {
        "days?": NUMBERS, "weeks_of_month?": NUMBERS, "days_of_month?": NUMBERS, "months?": NUMBERS, "start?": "t0",
        "end?": "t0", "start_date?": "dm0", "end_date?": "dm0", "period?": "s", "period_except?": "b", "exception?": "b",
    },
}  # fmt: skip
RULE = {
    "only": True,
    "keys": {
        "activity": {"one": [one.value for one in Activity]}, "max_stay?": "n0", "no_return?": "n0", "user_classes?": TEXTS,
        "user_classes_except?": TEXTS, "purposes?": TEXTS, "name?": "s", "description?": "s",
        "rates?": {
            "each": {"only": True, "keys": {"rate": "n", "rate_unit": "s", "extra?": {"each": {"of": ["s", "*"]}}}},
        },
    },
}  # fmt: skip
CURB = {
    "only": True,
    "keys": {
        "id": "s", "priority": "n", "rules": {"each": RULE}, "spans?": {"each": SPAN}, "published_ms?": "n0", "name?": "s",
        "description?": "s", "color?": "s", "operators?": TEXTS,
    },
}  # fmt: skip
