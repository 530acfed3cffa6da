"""What tables write as on a sign, understood: "M-F", "1st & 3rd Tue", "700", "6:30 pm", "2 hr"."""

import re
from datetime import time

DAYS = {
    **dict.fromkeys(("m", "mo", "mon", "monday", "mondays"), 0),
    **dict.fromkeys(("t", "tu", "tue", "tues", "tuesday", "tuesdays"), 1),
    **dict.fromkeys(("w", "we", "wed", "weds", "wednesday", "wednesdays"), 2),
    **dict.fromkeys(("r", "th", "thu", "thur", "thurs", "thursday", "thursdays"), 3),
    **dict.fromkeys(("f", "fr", "fri", "friday", "fridays"), 4),
    **dict.fromkeys(("sa", "sat", "saturday", "saturdays"), 5),
    **dict.fromkeys(("su", "sun", "sunday", "sundays"), 6),
}
EVERY_DAY = ("", "daily", "every day", "everyday", "all", "all days", "7 days", "any day")
WEEKDAYS = ("weekdays", "weekday", "school days")
WEEKENDS = ("weekends", "weekend")
RANGE = re.compile(r"\s*(?:-|–|—|\bto\b|\bthru\b|\bthrough\b)\s*")
SEPARATOR = re.compile(r"\s*(?:[,;/&+]|\band\b)\s*|\s+")
WEEK = re.compile(r"\b([1-5])(?:st|nd|rd|th)\b")
LETTERS = re.compile(r"th|tu|sa|su|m|t|w|r|f")  # MWF, TTh
CLOCK = re.compile(r"(\d{1,2})(?::?([0-5]\d))?\s*([ap])?\.?\s*(?:m\.?)?")
AMOUNT = re.compile(r"(\d+(?:\.\d+)?|\d+\s*/\s*\d+)\s*([a-z]*)\.?")
UNITS = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 1),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 60),
    **dict.fromkeys(("d", "day", "days"), 1440),
}


class Unreadable(ValueError):
    """A text that says nothing certain; the message says so in a sentence."""


def days_of(text: str) -> tuple[frozenset[int], frozenset[int]]:
    """Days of the week (0 is Monday; empty for every day) and weeks of the month (empty for every week)."""
    told = text.strip().lower().replace(".", "")
    weeks = frozenset(int(number) for number in WEEK.findall(told))
    told = SEPARATOR.sub(" ", WEEK.sub(" ", told)).strip() if weeks else told
    if told in EVERY_DAY:
        return frozenset(), weeks
    if told in WEEKDAYS or told in WEEKENDS:
        return frozenset(range(5)) if told in WEEKDAYS else frozenset({5, 6}), weeks
    tight = RANGE.sub("-", told)
    days = frozenset(day for part in SEPARATOR.split(tight) if part for day in _days_in(part, text))
    if not days:
        raise Unreadable(f'"{text}" names no day.')
    return days if len(days) < 7 else frozenset(), weeks


def clock_of(text: str) -> time:
    """A time of day: 700, 18:00, 6:30 pm, noon. 24:00 and midnight are 00:00."""
    told = text.strip().lower().removesuffix(".0")
    if told in ("noon", "midnight"):
        return time(12 if told == "noon" else 0)
    match = CLOCK.fullmatch(told)
    if not match:
        raise Unreadable(f'"{text}" is not a time of day.')
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half and not 1 <= hour <= 12:
        raise Unreadable(f'"{text}" is not a time of day.')
    hour = hour % 12 + 12 * (half == "p") if half else hour
    if hour > 24 or (hour == 24 and minute):
        raise Unreadable(f'"{text}" is not a time of day.')
    return time(hour % 24, minute)


def minutes_of(text: str, unit: str = "hour") -> float:
    """A length of time in minutes: 4 (of `unit`), 0.5, 2 hr, 30 min, 1/2 hour."""
    match = AMOUNT.fullmatch(text.strip().lower())
    factor = UNITS.get((match[2] or unit) if match else "")
    if not match or factor is None:
        raise Unreadable(f'"{text}" is not a length of time.')
    above, _, below = match[1].partition("/")
    minutes = float(above) / float(below or 1) * factor if float(below or 1) else 0.0
    if not minutes:
        raise Unreadable(f'"{text}" is no time at all.')
    return int(minutes) if minutes.is_integer() else minutes


def _days_in(part: str, text: str) -> frozenset[int]:
    first, dash, last = part.partition("-")
    if dash:
        begin, end = _day(first, text), _day(last, text)
        return frozenset((begin + step) % 7 for step in range((end - begin) % 7 + 1))
    if part not in DAYS and "".join(LETTERS.findall(part)) == part:
        return frozenset(DAYS[letters] for letters in LETTERS.findall(part))
    return frozenset({_day(part, text)})


def _day(word: str, text: str) -> int:
    if word not in DAYS:
        raise Unreadable(f'"{word}" in "{text}" is no certain day of the week.')
    return DAYS[word]
