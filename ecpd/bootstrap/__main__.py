"""Set-up and the commands of the Makefile. Standard library only: it runs before anything is installed.

python3 ecpd/bootstrap setup|run|test|bench|check|lock [arguments]
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def main(arguments: list[str]) -> int:
    """Set up what the command needs, then become that command."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this may have an older one
        print(f"ECPD needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    from commands import COMMANDS
    from say import Stop

    name = arguments[0] if arguments else "setup"
    if name not in COMMANDS:
        print(f"Unknown command {name}. There are: {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    try:
        return COMMANDS[name](arguments[1:])
    except Stop as stop:
        print(f"\nStopped: {stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.path.insert(0, HERE)
    sys.exit(main(sys.argv[1:]))
