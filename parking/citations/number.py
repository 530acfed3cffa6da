"""Citation numbers: year, serial and a check digit after Damm, "26-000123-3".

Damm's scheme (H. Michael Damm, 2004) works in a totally anti-symmetric quasigroup of order ten: it catches every
single wrong digit and every swap of two neighbors, the check digit included, with decimal digits only. (ISO 7064 MOD
11,10 also has one digit and misses some swaps; MOD 97-10 needs two digits.)
"""

import re

_TABLE = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip
SERIAL_DIGITS = 6
_SHORTEST = 2 + SERIAL_DIGITS + 1


def check_digit(digits: str) -> str:
    """Damm's check digit of a string of decimal digits."""
    interim = 0
    for digit in digits:
        interim = int(_TABLE[interim][int(digit)])
    return str(interim)


def citation_number(year: int, serial: int) -> str:
    """The number as it is printed: (2026, 123) gives 26-000123-3."""
    body = f"{year % 100:02d}{serial:0{SERIAL_DIGITS}d}"
    return f"{body[:2]}-{body[2:]}-{check_digit(body)}"


def read_number(text: str) -> str | None:
    """The number in its printed form, however it was typed; None when it is none or its check digit is wrong."""
    digits = re.sub(r"[\s\-–—.]", "", text)
    if len(digits) < _SHORTEST or not (digits.isascii() and digits.isdigit()) or check_digit(digits) != "0":
        return None
    return f"{digits[:2]}-{digits[2:-1]}-{digits[-1]}"
