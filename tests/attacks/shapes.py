"""Values of a JSON column that fit its shape, and such as do not: each part wrong once."""

import re
from collections.abc import Iterator
from typing import Any

from ecpd.checks.shape import Shape

OF_LETTERS: dict[str, Any] = {
    "s": "text", "n": 7, "b": True, "0": None, "a": [], "o": {}, "d": "2026-11-29", "m": "2026-11-29T08:00:00+00:00", "e": "",
    "t": "08:00:00", "c": "A", "*": "anything",
}  # fmt: skip


def right(shape: Shape) -> Any:
    """A value of this shape, with everything that may be in it."""
    if isinstance(shape, str):
        return OF_LETTERS[shape[0]]
    if "each" in shape:
        return [right(shape["each"])] * max(1, shape.get("least", 0))
    if "of" in shape:
        return [right(one) for one in shape["of"]]
    if "one" in shape:
        return shape["one"][0]
    if "all" in shape:
        return {"a name": right(shape["all"])}
    return {name.removesuffix("?"): right(one) for name, one in shape["keys"].items()}


def wrong(shape: Shape) -> Iterator[tuple[str, Any]]:
    """What is wrong, and the value."""
    yield from _other_kinds(shape)
    if isinstance(shape, str):
        if "d" in shape and "s" not in shape:
            yield from (
                ("no moment", "yesterday"),
                ("no such day", "2026-02-30"),
                ("no such hour", "2026-02-03T25:00:00"),
            )
        return
    whole = right(shape)
    if "each" in shape:
        yield from ((f"in a list: {words}", [*whole, value]) for words, value in wrong(shape["each"]))
        if shape.get("least"):
            yield "too few", whole[1:]
    elif "of" in shape:
        yield "one too many", [*whole, 7]
        yield "one too few", whole[1:]
        yield from ((f"in a pair: {words}", [value, *whole[1:]]) for words, value in wrong(shape["of"][0]))
    elif "one" in shape:
        yield "an unknown word", "zzz"
    elif "all" in shape:
        yield from ((f"in an object: {words}", {"a name": value}) for words, value in wrong(shape["all"]))
    else:
        if "only" in shape:
            yield "another name", whole | {"zzz": 7}
        for name, one in shape["keys"].items():
            known = name.removesuffix("?")
            if known == name:
                yield f"without {known}", {key: value for key, value in whole.items() if key != known}
            if one != "*":
                words, value = next(wrong(one))
                yield f"{known}: {words}", whole | {known: value}


def _other_kinds(shape: Shape) -> Iterator[tuple[str, Any]]:
    """Two kinds that it is not; a list and an object, where it is neither, say most."""
    kinds = {"a": ("a list", []), "o": ("an object", {"swapped": 1}), "s": ("a text", "zzz"), "n": ("a number", 7),
             "b": ("a flag", True), "0": ("nothing", None)}  # fmt: skip
    taken = _letters(shape)
    yield from [said for letter, said in kinds.items() if letter not in taken][:2]


def _letters(shape: Shape) -> str:
    if isinstance(shape, str):
        return "aosnb0" if shape == "*" else re.sub("[cdemt]", "s", shape)
    own = "a" if {"each", "of"} & shape.keys() else "s" if "one" in shape else "o"
    return own + shape.get("or", "")


def lean(shape: Shape, *, text: str = "", many: int = 0) -> Any:
    """A value of this shape without what may be missing; its texts are `text`, its lists and objects have `many` parts."""
    if isinstance(shape, str):
        return text if "s" in shape else OF_LETTERS[shape[0]]
    if "each" in shape:
        return [lean(shape["each"], text=text, many=many)] * max(many, shape.get("least", 0))
    if "of" in shape:
        return [lean(one, text=text, many=many) for one in shape["of"]]
    if "all" in shape:
        return {f"name {number}": lean(shape["all"], text=text, many=many) for number in range(many)}
    if "one" in shape:
        return shape["one"][-1]
    named = {name: one for name, one in shape["keys"].items() if many > 1 or not name.endswith("?")}
    return {name.removesuffix("?"): lean(one, text=text, many=many) for name, one in named.items()}
