"""Money in whole cents."""

import re


def dollars(cents: int) -> str:
    """5200 as "$52.00"; a negative amount as "-$52.00"."""
    sign = "-" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def cents_of(text: str) -> int:
    """Cents of "52", "52.00" or "$1,052.00". Raises ValueError for anything else: no sign, at most two decimals."""
    found = re.fullmatch(r"\$?\s*(\d{1,3}(?:,\d{3})+|\d{1,7})(?:\.(\d{2}))?", text.strip(), re.ASCII)
    if found is None:
        if re.fullmatch(r"\$?\s*[\d,]{8,}(?:\.\d{2})?", text.strip(), re.ASCII):
            raise ValueError(f"“{text.strip()}” is more than any amount here.")
        raise ValueError(f"“{text.strip()}” is no amount. Write it as 52.00.")
    return int(found[1].replace(",", "")) * 100 + int(found[2] or 0)
