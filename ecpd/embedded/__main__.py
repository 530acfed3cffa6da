"""`python -m ecpd.embedded run` serves the demo agency; `exec -- CMD` runs a command against the services; `keys` makes the
keys of an installation that has none."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from ecpd.embedded import ServiceError, Services, running_environment
from ecpd.embedded.keys import make_keys
from ecpd.embedded.supervisor import serve

ROOT = Path(__file__).resolve().parent.parent.parent


def data_dir() -> Path:
    """Where the services keep their data."""
    return Path(os.environ.get("ECPD_DATA_DIR") or ROOT / ".data").resolve()


def main(arguments: list[str]) -> int:
    """Run one of the commands; a problem is one sentence on stderr."""
    try:
        if arguments[:1] == ["run"]:
            return serve(data_dir(), port=port())
        if arguments[:1] == ["exec"] and "--" in arguments:
            command = arguments[arguments.index("--") + 1 :]
            return execute(command, scratch="--scratch" in arguments)
        if arguments == ["keys"]:
            make_keys(data_dir())
            return 0
    except ServiceError as error:
        print(f"Stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(__doc__, file=sys.stderr)
    return 2


def port() -> int:
    """Where the web server listens. Raises ServiceError when ECPD_PORT is no port."""
    text = os.environ.get("ECPD_PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise ServiceError(f"ECPD_PORT is {text!r}; it must be a number from 1 to 65535.")
    return int(text)


def execute(command: list[str], *, scratch: bool = False) -> int:
    """Run a command against the running services, else against services started for it (`scratch`: empty ones)."""
    environment = None if scratch else running_environment(data_dir())
    if environment is not None:
        return subprocess.run(command, env=os.environ | environment, check=False).returncode
    with tempfile.TemporaryDirectory(prefix="ecpd-") as folder:
        place = Path(folder) / "services" if scratch else data_dir()
        with Services(place) as services:
            return subprocess.run(command, env=os.environ | services.environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
