"""What became of what was sent: counts and the time each answer took. Shared by threads."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock


@dataclass
class Tally:
    """Counts of reads (`accepted`, `duplicate`, `rejected`), of deliveries and pictures, and answer times in seconds."""

    counts: Counter[str] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def add(self, name: str, number: int = 1) -> None:
        """Count something."""
        with self._lock:
            self.counts[name] += number

    def answer(self, items: Iterable[dict], seconds: float) -> None:
        """Count the items of an accepted batch by their status; reasons of the rejected ones by their code."""
        with self._lock:
            self.took.append(seconds)
            for item in items:
                self.counts[item["status"]] += 1
                if item["status"] == "rejected":
                    self.reasons[item["code"]] += 1

    def refusal(self, words: str, reads: int) -> None:
        """A batch that the server will not take, however often it is sent."""
        with self._lock:
            self.counts["refused"] += reads
            self.reasons[words] += 1

    def percentile(self, share: float) -> float:
        """Answer time in seconds that `share` of the answers did not exceed; 0 when there were none."""
        with self._lock:
            ordered = sorted(self.took)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0

    def line(self) -> str:
        """All of it in one line."""
        names = ("sent", "accepted", "duplicate", "rejected", "refused", "pictures", "retries")
        with self._lock:
            words = [f"{self.counts[name]:,} {name}" for name in names if self.counts[name] or name == "sent"]
        times = f"p50 {self.percentile(0.5) * 1000:.0f} ms, p99 {self.percentile(0.99) * 1000:.0f} ms"
        return f"{', '.join(words)}; {times}"
