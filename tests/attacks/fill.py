"""`python -m tests.attacks.fill`: fill this process's database with the world of the permission matrix; print its names.

Runs as the application's role, through the services, as people do it: what is attacked afterwards was made lawfully.
"""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecpd.settings")
django.setup()


def main() -> None:
    """One whole agency, committed."""
    from tests.permissions.test_matrix import TABLES
    from tests.permissions.world import World

    world = World()
    for table in TABLES:
        if hasattr(table, "prepare"):
            table.prepare(world)
    people = {f"user_{name}": user.pk for name, user in world.users.items()}
    print(json.dumps(dict(world.names) | people, default=str))


if __name__ == "__main__":
    main()
