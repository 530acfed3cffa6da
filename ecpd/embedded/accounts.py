"""Who runs what when we were started by root: nobody's code is root's, and no account can read another one's secrets.

Started by anybody else everything runs as that account, which the operating system cannot divide.
"""

import os
import shutil
import stat
import sys
import tempfile
from functools import cache
from pathlib import Path

from ecpd.embedded.errors import ServiceError

DATABASE, SITE, SEALER = "database", "site", "sealer"
# For each part its accounts in order of liking; an account is given to one part.
LIKED = {
    DATABASE: ("postgres", "nobody", "daemon"),
    SITE: ("www-data", "http", "daemon", "nobody"),
    SEALER: ("daemon", "bin", "nobody", "games"),
}


def account_of(part: str) -> str | None:
    """The account that runs this part; None when we are not root and everything runs as we do. Raises ServiceError."""
    return _accounts()[part] if os.geteuid() == 0 else None


@cache
def _accounts() -> dict[str, str]:
    import pwd

    known, given = {entry.pw_name for entry in pwd.getpwall()}, {}
    for part, liked in LIKED.items():
        free = [name for name in liked if name in known and name not in given.values()]
        if not free:
            raise ServiceError(f"The {part} will not run as root, and there is no account for it ({', '.join(liked)}).")
        given[part] = free[0]
    return given


def hand_over(path: Path, account: str | None) -> None:
    """Give a file or folder with all that is in it to an account; what is its own already is left alone."""
    if account is None or not path.exists():
        return
    import pwd

    entry = pwd.getpwnam(account)
    for each in (path, *path.rglob("*")):
        if each.lstat().st_uid != entry.pw_uid:
            os.chown(each, entry.pw_uid, entry.pw_gid, follow_symlinks=False)


def private_folder(path: Path, account: str | None) -> Path:
    """A folder of an account that nobody else looks into."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    if account is not None:
        shutil.chown(path, account, None)
    return path


def let_walk(*paths: Path) -> None:
    """Let other accounts walk through (not list) the folders above these paths; says which it opened."""
    for path in paths:
        for parent in path.resolve().parents:
            mode = parent.stat().st_mode
            if not mode & stat.S_IXOTH:
                parent.chmod(mode | stat.S_IXOTH)
                _say_opened(parent)


def _say_opened(folder: Path) -> None:
    if Path(tempfile.gettempdir()).resolve() not in folder.parents:
        print(f"ecpd: other accounts may walk through {folder} now, not list it: nothing runs as root",
              file=sys.stderr, flush=True)  # fmt: skip


def let_read(*trees: Path, every: bool = False) -> None:
    """Let other accounts read these trees, links followed at their root.

    A tree whose root they may read is taken for done (the root comes last), unless `every` file is to be looked at.
    """
    for tree in (path.resolve() for path in trees if path.exists()):
        let_walk(tree)
        if every or not tree.stat().st_mode & stat.S_IROTH:
            for path in (*tree.rglob("*"), tree):
                _let_read(path)


def _let_read(path: Path) -> None:
    mode = path.lstat().st_mode
    wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
    if mode != wanted and not stat.S_ISLNK(mode):
        path.chmod(wanted)
