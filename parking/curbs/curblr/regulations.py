"""CurbLR regulations: what a rule says, to whom, when, and how much it costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parking.curbs.curblr.spans import read_spans
from parking.curbs.feature import Feature
from parking.curbs.types import Activity, CurbRule, Rate, TimeSpan

ACTIVITIES = {
    "parking": Activity.PARKING,
    "no parking": Activity.NO_PARKING,
    "standing": Activity.STOPPING,
    "no standing": Activity.NO_STOPPING,
    "loading": Activity.LOADING,
    "no loading": Activity.NO_LOADING,
}
CLASSES = {"handicap": "disabled_parking_permit", "emergency": "emergency_use", "food truck": "food_truck"}
SIZES = ("maxHeight", "minHeight", "maxLength", "minLength", "maxWeight", "minWeight", "maxWidth", "minWidth")


@dataclass(frozen=True)
class Regulation:
    """What holds along one feature: its place in the hierarchy, its rules, its spans."""

    category: str
    rules: tuple[CurbRule, ...]
    spans: tuple[TimeSpan, ...]

    @property
    def only_for_some(self) -> bool:
        """Whether every rule allows something to some users only."""
        return all(rule.user_classes and not rule.activity.value.startswith("no ") for rule in self.rules)


def read_regulation(part: Feature, hierarchy: Sequence[str]) -> Regulation:
    """A regulation; what is wrong is noted in the feature's faults."""
    value = part.raw("rule", required=True)
    inner = Feature(value if isinstance(value, dict) else {}, part.name, part.faults, f"{part.path}rule.")
    activity = inner.text("activity", required=value is not None).lower()
    if activity and activity not in ACTIVITIES:
        inner.fault("activity", f'"{activity}" is none of: {", ".join(ACTIVITIES)}.')
    category = inner.text("priorityCategory", required=value is not None).lower()
    if category and category not in hierarchy:
        inner.fault("priorityCategory", f'"{category}" does not stand in the manifest\'s priorityHierarchy.')
    rule = CurbRule(
        activity=ACTIVITIES.get(activity, Activity.PARKING),
        max_stay=inner.integer("maxStay", least=1),
        no_return=inner.integer("noReturn", least=0) or None,
        rates=_rates(part),
    )
    return Regulation(category, tuple(_for_whom(rule, part)), read_spans(part))


def _for_whom(rule: CurbRule, part: Feature) -> Iterator[CurbRule]:
    """One rule for each class of users, or each of its subclasses; everyone if one entry names nobody."""
    found = [classes for inner in part.parts("userClasses") for classes in _classes(inner)]
    if not found or () in found:
        yield rule
        return
    for classes in dict.fromkeys(found):
        yield CurbRule(rule.activity, rule.max_stay, rule.no_return, user_classes=classes, rates=rule.rates)


def _classes(inner: Feature) -> list[tuple[str, ...]]:
    sizes = tuple(
        f"{_word(name)}_{inner.values[name]}" for name in SIZES if isinstance(inner.values.get(name), int | float)
    )
    classes = [_word(name) for name in inner.texts("classes")] or [""]
    subclasses = [_word(name) for name in inner.texts("subclasses")] or [""]
    return [tuple(name for name in (one, other, *sizes) if name) for one in classes for other in subclasses]


def _word(name: str) -> str:
    """A user class as CDS writes them: lower case, no spaces; maxHeight is max_height."""
    told = CLASSES.get(name.lower(), name)
    spaced = "".join(f"_{letter}" if letter.isupper() and told in SIZES else letter for letter in told)
    return "_".join(spaced.lower().split())


def _rates(part: Feature) -> tuple[Rate, ...]:
    """One price for one length of time, as cents an hour. Others CDS cannot say exactly; nothing here charges them."""
    value = part.raw("payment")
    rates = value.get("rates") if isinstance(value, dict) else None
    if not isinstance(rates, list) or len(rates) != 1 or not isinstance(rates[0], dict) or rates[0].get("timeSpans"):
        return ()
    fees, durations = rates[0].get("fees"), rates[0].get("durations")
    if not (isinstance(fees, list) and isinstance(durations, list) and len(fees) == len(durations) == 1):
        return ()
    if not all(isinstance(number, int | float) and number > 0 for number in (*fees, *durations)):
        return ()
    cents = round(fees[0] * 100 * 60 / durations[0], 6)
    return (Rate(int(cents), "hour"),) if float(cents).is_integer() else ()
