"""What the site's account may read and what belongs to it, when root starts the embedded services."""

import os
import sys
from pathlib import Path

from ecpd.embedded import accounts

ROOT = Path(__file__).resolve().parent.parent.parent
KEYS = ("secret_key", "mfa_key")  # files of the site that nobody else reads


def prepare(data_dir: Path) -> None:
    """Have everything in place before the first program starts: code and models readable, the site's files its own."""
    site = accounts.account_of(accounts.SITE)
    if site is None:
        return
    code = [path for path in ROOT.iterdir() if not path.name.startswith(".")]
    models = os.environ.get("ECPD_MODEL_DIR") or data_dir / "models"
    accounts.let_walk(data_dir / "run")
    accounts.let_read(*code, every=True)
    accounts.let_read(Path(sys.prefix), Path(sys.base_prefix), Path(models), data_dir / "assets")
    media = Path(os.environ.get("ECPD_MEDIA_ROOT") or data_dir / "media")
    for folder in (media, data_dir / "mail"):
        folder.mkdir(parents=True, exist_ok=True)
    accounts.let_walk(media)
    for own in (media, data_dir / "mail", *(data_dir / key for key in KEYS)):
        accounts.hand_over(own, site)


def work_folder(data_dir: Path, part: str) -> Path:
    """A folder for what a part of the site leaves while it runs, its own and nobody else's."""
    folder = data_dir / "run" / part
    accounts.private_folder(folder, accounts.account_of(part))
    accounts.hand_over(folder, accounts.account_of(part))
    return folder
