"""What each command of the Makefile does."""

import os

import browser
import packages
import tarballs
from say import PYTHON, ROOT, VENV, become, run, say


def setup(arguments: list[str]) -> int:
    """Install everything and make the keys of an installation that has none; run nothing."""
    packages.install("dev" if "--dev" in arguments else "run")
    tarballs.fetch_all()
    run([PYTHON, "-m", "ecpd.embedded", "keys"], otherwise="The keys could not be made.")
    say("set-up is complete")
    return 0


def serve(arguments: list[str]) -> int:
    """Set up and serve the demo agency."""
    packages.install("run")
    tarballs.fetch_all()
    return become([PYTHON, "-m", "ecpd.embedded", "run", *arguments])


def test(arguments: list[str]) -> int:
    """Set up and run the whole suite, or the tests named."""
    packages.install("dev")
    tarballs.fetch_all()
    browser.ensure()
    workers = os.environ.get("ECPD_TEST_WORKERS", "2")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes: each would compile the whole product anew
    return become([PYTHON, "-m", "pytest", "-n", workers, *arguments])


def attacks(arguments: list[str]) -> int:
    """Set up and try every guard of the database: each attack is refused, and goes through once its guard sleeps."""
    packages.install("dev")
    tarballs.fetch_all()
    return become([PYTHON, "-m", "pytest", "tests/attacks", *arguments])


def bench(arguments: list[str]) -> int:
    """Set up and print the performance tables."""
    packages.install("dev")
    tarballs.fetch_all()
    first = [PYTHON, "-m", "ecpd.embedded", "exec", "--scratch", "--", PYTHON, "manage.py", "bench", *arguments]
    run(first, otherwise="The bench of searches and pages ended early; what it printed is above.")
    chain = [PYTHON, "-m", "ecpd.audit.chainbench", "--verify"]
    run(chain, otherwise="The bench of the audit chain ended early; what it printed is above.")
    department = [PYTHON, "-m", "leads.bench.department"]
    run(department, otherwise="The bench of a department ended early; what it printed is above.")
    return become([PYTHON, "-m", "parking.bench"])


CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("lint-imports",),
    ("djlint", "templates", "--lint", "--quiet"),
    ("python", "-W", "ignore::RuntimeWarning", "manage.py", "makemigrations", "--check", "--dry-run"),
    ("mypy", "ecpd", "cases", "leads", "parking"),
)


def check(arguments: list[str]) -> int:
    """Linters, formats, import contracts, templates, migrations, types."""
    packages.install("dev")
    for program, *rest in CHECKS:
        say(" ".join((program, *rest)))
        run([VENV / "bin" / program, *rest], otherwise=f"{program} found something to mend.")
    return 0


def lock(arguments: list[str]) -> int:
    """Renew the lock files from requirements.in and requirements-dev.in, within what both ask for."""
    packages.install("dev")
    compile_ = [
        VENV / "bin" / "uv",
        "pip",
        "compile",
        "--universal",
        "--python-version",
        "3.11",
        "--no-header",
        "--quiet",
        "--no-emit-index-url",
        "--generate-hashes",
        "--override",
        "overrides.txt",
        *arguments,
    ]
    run([*compile_, "requirements.in", "-o", "requirements.txt"], otherwise="requirements.in has no solution.")
    run(
        [*compile_, "-c", "requirements.txt", "requirements-dev.in", "-o", "requirements-dev.txt"],
        otherwise="requirements-dev.in has no solution.",
    )
    say(f"wrote {ROOT / 'requirements.txt'} and requirements-dev.txt")
    return 0


COMMANDS = {
    "setup": setup,
    "run": serve,
    "test": test,
    "attacks": attacks,
    "bench": bench,
    "check": check,
    "lock": lock,
}
