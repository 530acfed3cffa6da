"""`python -m tests.attacks.count`: write how many attacks stand on each rule, for the manual's page."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecpd.settings")
django.setup()

if __name__ == "__main__":
    from tests.attacks import every

    every.COUNTS.write_text(every.text())
    print(f"{len(every.ATTACKS)} attacks; wrote {every.COUNTS.name}.")
