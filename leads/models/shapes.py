"""What the JSON of a search is made of (`ecpd.checks.shape`)."""

BOX = {"of": ["n", "n", "n", "n"]}
LANDMARKS = {"each": {"of": ["n", "n"]}}
MEASURES = {
    "each": {
        "keys": {
            "name": "s", "words": "s", "value": "n", "limit": "n", "shown": "s", "needed": "s",
            "verdict": {"one": ["enough", "just_enough", "not_enough"]},
        }
    }
}  # fmt: skip
QUALITY = {"keys": {"measures?": MEASURES, "passed?": "b"}}
FACE = {"keys": {"box": BOX, "landmarks": LANDMARKS, "letter": "c", "ordinal": "n", "score": "n"}}
FOUND = {"keys": FACE["keys"] | {"quality": {"keys": {"measures": MEASURES, "passed": "b"}}}}
SNAPSHOT = {
    "keys": {
        "source": "s", "source_url": "s", "caption": "s", "published_name": "s0", "captured_on": "de0", "sha256": "s",
        "box": BOX, "synthetic?": "b", "source_kind?": "s", "imported_at?": "me0",
    }
}  # fmt: skip
CARD = {
    "keys": {
        "model_id": "s", "maker": "s", "detector": "s", "data": "s", "people": "n", "images": "n", "fitted_on": "d",
        "trimmed": "n", "supported_people": "n", "genuine": {"each": "n", "least": 2}, "measured?": "o",
        "limits?": {"each": "s"},
        "fits": {"each": {"keys": {"u": "n", "p_above": "n", "scale": "n", "shape": "n"}}, "least": 1},
    }
}  # fmt: skip
