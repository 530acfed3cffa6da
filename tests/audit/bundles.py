"""An export, and its verification by somebody who has Python and no ECPD."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from ecpd.audit.bundle import write_bundle

SCRIPT = settings.BASE_DIR / "contrib" / "verify_bundle.py"


@dataclass(frozen=True)
class Verdict:
    """What the script printed, and its exit code."""

    code: int
    said: str

    @property
    def kinds(self) -> set[str]:
        """The kinds of the findings."""
        found = self.said.partition("\nThe export of ")[0]
        return {line.partition(": ")[0] for line in found.splitlines() if ": " in line}


def exported(folder: Path, *, case: str = "") -> Path:
    """A new export of the test's database."""
    path = folder / f"export-{len(list(folder.iterdir()))}.gz"
    write_bundle(path, case=case)
    return path


def verdict(
    path: Path, *options: str, python: str = sys.executable, environment: dict[str, str] | None = None,
    alone: tuple[str, ...] = ("-I", "-S"),
) -> Verdict:  # fmt: skip
    """Run the script outside the project, isolated: no site packages, no environment of ours."""
    ran = subprocess.run(
        [python, *alone, str(SCRIPT), str(path), *options], cwd="/", capture_output=True, text=True, timeout=120,
        env={"PATH": "/usr/bin:/bin"} if environment is None else environment,
    )  # fmt: skip
    assert "Traceback" not in ran.stderr, ran.stderr
    return Verdict(ran.returncode, ran.stdout + ran.stderr)


def lines_of(path: Path) -> list[dict]:
    """The export's lines."""
    with gzip.open(path, "rt") as file:
        return [json.loads(line) for line in file]


def rewritten(path: Path, change: Callable[[list[dict]], list[dict] | None], *, count: bool = True) -> Path:
    """The export with its lines changed, its counts made to fit unless not wanted."""
    lines = lines_of(path)
    lines = change(lines) or lines
    if count:
        counts: dict[str, int] = {}
        for line in lines[:-1]:
            counts[line["t"]] = counts.get(line["t"], 0) + 1
        lines[-1] = {"t": "end", "counts": counts}
    made = path.with_suffix(".changed.gz")
    with gzip.open(made, "wt") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    return made
