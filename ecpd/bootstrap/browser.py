"""A browser for the tests that walk through the site."""

import os
import shutil
import subprocess
from pathlib import Path

from say import say

NAMES = ("chromium", "chromium-browser", "google-chrome")


def ensure() -> None:
    """Find a browser, or install Debian's when we may; else say in a sentence that those tests are skipped."""
    if any(shutil.which(name) for name in NAMES) or _playwrights_own():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("installing chromium for the browser tests")
        _apt_get("update", "-q")
        _apt_get("install", "-y", "-q", "--no-install-recommends", "chromium")
    if not any(shutil.which(name) for name in NAMES):
        say("no browser found: install chromium, or the browser tests are skipped")


def _apt_get(*arguments: str) -> None:
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", *arguments], stdout=subprocess.DEVNULL, check=False, env=quietly)


def _playwrights_own() -> bool:
    home = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    return any(home.glob("chromium-*"))
