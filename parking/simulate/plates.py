"""Invented license plates in the shapes that states issue, no two alike, and pairs that look alike.

In a shape `#` is a digit, `@` a letter, `L` a letter without I, O and Q (which California uses only in the middle).
"""

from dataclasses import dataclass, field
from random import Random

CALIFORNIA = (("#L@L###", 78), ("###L@L#", 6), ("#L#####", 6), ("#####L#", 6), ("###L@L", 4))
ELSEWHERE = (
    ("US-NV", "###@##", 20), ("US-OR", "###@@@", 18), ("US-AZ", "@@@####", 12), ("US-WA", "@@@####", 14),
    ("US-TX", "@@@####", 10), ("US-UT", "@##@@@", 5), ("US-ID", "@######", 4), ("US-CO", "@@@@##", 5),
    ("US-NY", "@@@####", 4), ("US-FL", "@@@@##", 4), ("US-IL", "@@#####", 4),
)  # fmt: skip
VANITY_WORDS = (
    "SURF", "DOGMOM", "GR8DAY", "BAYVIEW", "OAKTREE", "REDWOOD", "4EVRYNG", "HIKER", "PNUT", "SLOMO", "ZENCAR", "LUVCATS",
    "BIKEFAN", "TEAPOT", "JAZZY", "SKI4FUN", "POPPY", "CABIN", "2TANGO", "COOKIE", "KAYAK", "PLUMB3R", "TEACH", "BREAD",
)  # fmt: skip
DIGITS, LETTERS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PLAIN_LETTERS = LETTERS.translate({ord(letter): None for letter in "IOQ"})
LOOK_ALIKE = {"8": "B", "0": "D", "5": "S", "2": "Z", "6": "G", "1": "I", "B": "8", "D": "0", "S": "5", "Z": "2"}


@dataclass
class PlateMaker:
    """Draws plates, each once. Shares: 4 % vanity and 14 % of other states, the rest Californian series."""

    rng: Random
    made: set[str] = field(default_factory=set)

    def plate(self) -> tuple[str, str]:
        """A new plate and its state ("US-CA")."""
        while True:
            text, state = self._draw()
            if text not in self.made:
                self.made.add(text)
                return text, state

    def look_alikes(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Two new plates, with states, that differ by one look-alike character, as 8ABC123 and BABC123."""
        while True:
            text, state = self.plate()
            places = [place for place, character in enumerate(text) if character in LOOK_ALIKE]
            if not places:
                continue
            place = self.rng.choice(places)
            other = text[:place] + LOOK_ALIKE[text[place]] + text[place + 1 :]
            if other not in self.made:
                self.made.add(other)
                return (text, state), (other, state)

    def _draw(self) -> tuple[str, str]:
        lot = self.rng.random()
        if lot < 0.04:
            return self._vanity(), "US-CA"
        if lot < 0.18:
            state, shape, _ = self.rng.choices(ELSEWHERE, [row[2] for row in ELSEWHERE])[0]
            return self._fill(shape), state
        shape, _ = self.rng.choices(CALIFORNIA, [row[1] for row in CALIFORNIA])[0]
        return self._fill(shape), "US-CA"

    def _vanity(self) -> str:
        word = self.rng.choice(VANITY_WORDS)
        return f"{word}{self.rng.randint(1, 10 ** (7 - len(word)) - 1)}" if len(word) < 7 else self._swapped(word)

    def _swapped(self, word: str) -> str:
        place = self.rng.randrange(7)
        return word[:place] + self.rng.choice(LETTERS + DIGITS) + word[place + 1 :]

    def _fill(self, shape: str) -> str:
        kinds = {"#": DIGITS, "@": LETTERS, "L": PLAIN_LETTERS}
        text = "".join(self.rng.choice(kinds[kind]) for kind in shape)
        if shape == "#L@L###":
            text = self.rng.choice("456789") + text[1:]
        return text
