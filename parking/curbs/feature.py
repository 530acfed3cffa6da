"""One object of an import, read field by field; what is wrong is noted, never raised, so that all of it is told."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from parking.curbs.types import Fault

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
EARLIEST_MS = 100_000_000_000  # March 1973: a smaller number of milliseconds is surely one of seconds
LATEST_MS = 32_503_680_000_000  # the year 3000


@dataclass
class Feature:
    """A JSON object with the name it has in the file. A field that is null counts as absent."""

    values: Mapping[str, Any]
    name: str
    faults: list[Fault]
    path: str = ""
    asked: set[str] = field(default_factory=set)

    def fault(self, name: str, message: str) -> None:
        """Note what is wrong with one field."""
        self.faults.append(Fault(self.name, f"{self.path}{name}", message))

    def raw(self, name: str, required: bool = False) -> Any:
        """A field as it stands; None and a fault if it must be there and is not."""
        self.asked.add(name)
        value = self.values.get(name)
        if value is None and required:
            self.fault(name, "This field is missing.")
        return value

    def text(self, name: str, required: bool = False) -> str:
        """A text, trimmed; empty when absent."""
        value = self.raw(name, required)
        if value is not None and not isinstance(value, str):
            self.fault(name, f"This is {_kind(value)}, not a text.")
            return ""
        if required and value is not None and not value.strip():
            self.fault(name, "This text is empty.")
        return (value or "").strip()

    def choice(self, name: str, allowed: Collection[str], required: bool = False) -> str:
        """One of some words."""
        value = self.text(name, required)
        if value and value not in allowed:
            self.fault(name, f'"{value}" is none of: {", ".join(allowed)}.')
            return ""
        return value

    def uuid(self, name: str, required: bool = False) -> str:
        """A UUID in lower case; empty when absent or wrong."""
        value = self.text(name, required)
        if value and not UUID.fullmatch(value):
            self.fault(name, f'"{value}" is not a UUID.')
            return ""
        return value.lower()

    def uuids(self, name: str, required: bool = False) -> tuple[str, ...]:
        """A list of UUIDs, each once, in their order."""
        found = []
        for place, value in enumerate(self.listed(name, required)):
            if isinstance(value, str) and UUID.fullmatch(value):
                found.append(value.lower())
            else:
                self.fault(f"{name}[{place}]", f"{_shown(value)} is not a UUID.")
        return tuple(dict.fromkeys(found))

    def integer(
        self, name: str, required: bool = False, least: int | None = None, most: int | None = None
    ) -> int | None:
        """A whole number within bounds; 12.0 is one, "12" and true are not."""
        value = self.raw(name, required)
        if value is None:
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            self.fault(name, f"This is {_kind(value)}, not a whole number.")
            return None
        if (least is not None and value < least) or (most is not None and value > most):
            self.fault(name, f"{value} is out of range: it must be {_range(least, most)}.")
            return None
        return value

    def integers(self, name: str, least: int, most: int) -> frozenset[int]:
        """A set of whole numbers within bounds."""
        found = set()
        for place, value in enumerate(self.listed(name)):
            part = Feature({"": value}, self.name, self.faults, f"{self.path}{name}[{place}]")
            number = part.integer("", required=True, least=least, most=most)
            if number is not None:
                found.add(number)
        return frozenset(found)

    def moment(self, name: str, required: bool = False) -> int | None:
        """Milliseconds since 1970."""
        value = self.integer(name, required)
        if value is not None and not EARLIEST_MS <= value <= LATEST_MS:
            self.fault(name, f"{value} is no date in milliseconds since 1970; is it in seconds?")
            return None
        return value

    def flag(self, name: str) -> bool:
        """True or false; false when absent."""
        value = self.raw(name)
        if value is not None and not isinstance(value, bool):
            self.fault(name, f"This is {_kind(value)}, neither true nor false.")
            return False
        return bool(value)

    def listed(self, name: str, required: bool = False) -> list[Any]:
        """A list; empty when absent."""
        value = self.raw(name, required)
        if value is not None and not isinstance(value, list):
            self.fault(name, f"This is {_kind(value)}, not a list.")
            return []
        return value or []

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts that are not empty."""
        found = []
        for place, value in enumerate(self.listed(name)):
            if isinstance(value, str) and value.strip():
                found.append(value.strip())
            else:
                self.fault(f"{name}[{place}]", f"{_shown(value)} is not a text that says something.")
        return tuple(dict.fromkeys(found))

    def parts(self, name: str, required: bool = False) -> Iterator["Feature"]:
        """The objects of a list, each under its place."""
        for place, value in enumerate(self.listed(name, required)):
            if isinstance(value, Mapping):
                yield Feature(value, self.name, self.faults, f"{self.path}{name}[{place}].")
            else:
                self.fault(f"{name}[{place}]", f"This is {_kind(value)}, not an object.")

    def rest(self) -> dict[str, Any]:
        """The fields that nobody asked for."""
        return {name: value for name, value in self.values.items() if name not in self.asked and value is not None}


def _kind(value: Any) -> str:
    kinds: dict[type, str] = {bool: "a yes or no", str: "a text", list: "a list", int: "a number", float: "a number"}
    return "nothing" if value is None else kinds.get(type(value), "an object")


def _shown(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else _kind(value).capitalize()


def _range(least: int | None, most: int | None) -> str:
    if least is None or most is None:
        return f"{least} or more" if least is not None else f"{most} or less"
    return f"from {least} to {most}"
