"""Files that root writes belong to whom their folder belongs to: a command that root runs keeps files for the site."""

import os
from pathlib import Path


def settle(path: Path, root: Path) -> None:
    """Give a file, and the folders between it and `root`, to the owner of `root`; nothing when we are not root."""
    if os.geteuid() != 0:
        return
    owner = root.stat()
    for each in (path, *path.parents):
        if each == root:
            return
        if each.stat().st_uid != owner.st_uid:
            os.chown(each, owner.st_uid, owner.st_gid)
