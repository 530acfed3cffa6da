"""The database's spelling of a household is that of the application (PK-16)."""

import pytest
from django.db import connection

from parking.permits.household import address_key

WRITTEN = [
    ("12 Elm Street", "Apt. 4"), ("12 elm st.", "#4"), ("12 Elm St", ""), ("12½ Élm  Avenue\t", "No. 4-B"), ("", ""),
    ("1 North Ｍain Street, Suite 5", "unit"), ("7 Straße Ct", "Apartment Ⅳ"), ("9\nPlace\\x41 'Court'", "ste 2, rm 3"),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "unit"), WRITTEN)
def test_the_database_spells_a_household_as_the_application_does(address: str, unit: str):
    with connection.cursor() as cursor:
        cursor.execute("SELECT ecpd_address_key(%s, %s)", [address, unit])
        assert cursor.fetchone() == (address_key(address, unit),)
