"""AC-10, AU-01: no account's name can be taken for another's, and nobody without an account is called like a person."""

from importlib import import_module

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from ecpd.accounts import names
from ecpd.accounts.models import User
from ecpd.accounts.roles import Role
from ecpd.audit.models import AuditEvent, Conduct
from ecpd.audit.services import record
from ecpd.doctor import accounts as doctor
from tests.factories.people import make_user

migration = import_module("ecpd.accounts.migrations.0031_names_as_read")
as_shown = import_module("ecpd.accounts.migrations.0039_persons_as_shown")
pytestmark = pytest.mark.django_db
ALIKE = {
    "case": "Marsh",
    "a letter of another script": "m\u0430rsh",
    "a mark of no width": "marsh\u200b",
    "a space": "marsh ",
    "a wide letter": "\uff4darsh",
    "a mark on a letter": "ma\u0301rsh",
    "a soft hyphen": "mar\u00adsh",
    "a dot": "mar.sh",
    "signs around it": "_m-a+r@sh",
}


@pytest.fixture
def marsh() -> User:
    """Whose name others take."""
    return make_user(Role.CAPTAIN, username="marsh")


@pytest.mark.parametrize("name", ALIKE.values(), ids=ALIKE)
def test_a_name_that_looks_like_anothers_is_refused_by_the_form_and_by_the_database(marsh, name):
    with pytest.raises(ValidationError) as refused:
        User(username=name, password="x", first_name="A", last_name="B").full_clean()
    assert refused.value.message_dict["username"] in ([names.TAKEN], [names.SENTENCE])
    other = make_user(Role.AUDITOR)
    other.username = name
    for change in (lambda: User.objects.create(username=name), other.save):
        with pytest.raises(IntegrityError) as held, transaction.atomic():
            change()
        said = held.value.__cause__.diag
        assert (said.sqlstate, said.message_primary) == ("23514", f"AC-10: {names.SENTENCE}") or (
            (said.sqlstate, said.constraint_name) == ("23505", "accounts_user_name_key_key")
        )


def test_the_key_follows_the_name_whatever_is_written_in_it(marsh):
    marsh.refresh_from_db()
    assert marsh.name_key == "marsh"
    User.objects.filter(pk=marsh.pk).update(name_key="other")
    User.objects.filter(pk=marsh.pk).update(username="Marsh.2")
    assert User.objects.get(pk=marsh.pk).name_key == "marsh2"


def test_python_and_the_migration_have_one_key():
    for name in [*ALIKE.values(), "O'Neil-2@x", "\ufb01x", "b1ll.burn", "Vv0rn|", "..r.n"]:
        for key in (migration.KEY.format("username"), names.key_sql("username")):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {key} FROM (SELECT %s AS username) n", [name])
                assert cursor.fetchone() == (names.key_of(name),)


@pytest.mark.parametrize(
    ("one", "other"),
    [("dunne0", "dunneo"), ("bi11", "bill"), ("kirn", "kim"), ("vvest", "west"), ("j.ito", "jito"), ("l.lee", "1lee"),
     ("a@b", "ab"), ("r.n", "m")],
)  # fmt: skip
def test_letters_that_look_alike_make_one_name(one, other):
    make_user(Role.AUDITOR, username=one)
    with pytest.raises(ValidationError) as told:
        User(username=other, password="x", first_name="A", last_name="B").full_clean()
    assert told.value.message_dict["username"] == [names.TAKEN]
    with pytest.raises(IntegrityError) as held, transaction.atomic():
        make_user(Role.AUDITOR, username=other)
    assert held.value.__cause__.diag.constraint_name == "accounts_user_name_key_key"


@pytest.mark.parametrize("name", ["hunnell", "mccloud", "dunne", "5mith", "warne", "savvas"])
def test_letters_that_look_like_others_are_no_reason_where_nobody_has_the_whole_name(marsh, name):
    User(username=name, password="x", first_name="Ann", last_name=name).full_clean()
    make_user(Role.AUDITOR, username=name, first_name="Ann", last_name=name).full_clean()


def test_people_whose_names_look_alike_are_told_apart_by_their_badges():
    make_user(Role.CAPTAIN, username="one", **SAME | {"last_name": "Hunnell"})
    make_user(Role.CAPTAIN, username="two", **SAME | {"last_name": "Humell", "badge": "13"}).full_clean()


def test_a_name_of_signs_alone_is_none():
    with pytest.raises(IntegrityError, match=names.SENTENCE[:20]), transaction.atomic():
        make_user(Role.AUDITOR, username="...")


SAME = {"rank": "Capt.", "first_name": "Ann", "last_name": "Marsh", "badge": "12"}


@pytest.mark.parametrize("change", [{}, {"last_name": "MARSH "}, {"badge": "l2"}, {"first_name": "\u00c1nn"}])
def test_one_rank_name_and_badge_are_one_account(change):
    make_user(Role.CAPTAIN, **SAME)
    with pytest.raises(ValidationError) as told:
        User(username="another", password="x", **SAME | change).full_clean()
    assert names.SAME_PERSON in told.value.messages
    with pytest.raises(IntegrityError) as held, transaction.atomic():
        make_user(Role.AUDITOR, **SAME | change)
    said = held.value.__cause__.diag
    assert (said.sqlstate, said.constraint_name) == ("23505", "accounts_user_person_key_key")


ELSEWHERE = {
    "the first name with the rank": {"rank": "Capt. Ann", "first_name": ""},
    "both names in one field": {"first_name": "Ann Marsh", "last_name": ""},
    "all of it as the rank": {"rank": "Capt. Ann Marsh", "first_name": "", "last_name": ""},
    "a mark between": {"first_name": "Ann,", "last_name": "/ Marsh"},
    "no name but the user name": {"username": "Capt.Ann.Marsh", "rank": "", "first_name": "", "last_name": ""},
}


@pytest.mark.parametrize("change", ELSEWHERE.values(), ids=ELSEWHERE)
def test_who_is_shown_as_another_is_refused_in_whichever_field_the_words_stand(change):
    make_user(Role.CAPTAIN, username="first", **SAME)
    other = {"username": "another"} | SAME | change
    with pytest.raises(ValidationError) as told:
        User(password="x", **other).full_clean()
    assert names.SAME_PERSON in told.value.messages
    with pytest.raises(IntegrityError) as held, transaction.atomic():
        make_user(Role.AUDITOR, **other)
    said = held.value.__cause__.diag
    assert (said.sqlstate, said.constraint_name) == ("23505", "accounts_user_person_key_key")


def test_python_and_the_migration_have_one_person():
    people = [SAME, *(SAME | change for change in ELSEWHERE.values()), dict.fromkeys(SAME, "")]
    for one in ({"username": "quinn-o"} | person for person in people):
        given = ", ".join(f"%({name})s AS {name}" for name in one)
        for key in (as_shown.PERSON, names.person_sql("n")):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {key} FROM (SELECT {given}) n", one)
                assert cursor.fetchone() == (names.person_of(**one),)


def test_another_badge_is_another_person_and_nameless_accounts_are_told_apart_by_their_user_names():
    make_user(Role.CAPTAIN, **SAME)
    make_user(Role.CAPTAIN, **SAME | {"badge": "13"}).full_clean()
    nameless = {"rank": "", "first_name": "", "last_name": "", "badge": ""}
    for name in ("one", "two"):
        made = make_user(Role.CAPTAIN, username=name, **nameless)
        made.refresh_from_db()
        made.full_clean()
        assert made.person_key == f"{names.key_of(name)}/"


@pytest.fixture
def twin() -> User:
    """Of whom there is a captain, too."""
    make_user(Role.CAPTAIN, **SAME)
    return make_user(Role.AUDITOR, username="twin")


def test_an_older_pair_is_named_and_still_works(twin, owner_cursor):
    owner_cursor.execute(
        "UPDATE accounts_user SET rank = %(rank)s, first_name = %(first_name)s, last_name = %(last_name)s,"
        " badge = %(badge)s, person_key = NULL WHERE id = %(id)s", SAME | {"id": twin.pk},
    )  # fmt: skip
    owner_cursor.execute("SET session_replication_role = origin")
    assert "'twin'" in doctor.persons().sentence
    twin.refresh_from_db()
    twin.email = "twin@example.org"
    twin.full_clean()
    twin.save()
    twin.badge = "77"
    twin.full_clean()
    twin.save()
    assert "No two accounts" in doctor.persons().sentence


def test_what_an_older_version_let_in_is_named_and_still_works(marsh, owner_cursor):
    twin = make_user(Role.AUDITOR)
    owner_cursor.execute("UPDATE accounts_user SET username = 'MARSH', name_key = NULL WHERE id = %s", [twin.pk])
    owner_cursor.execute("SET session_replication_role = origin")
    found = doctor.names()
    assert "'MARSH'" in found.sentence
    twin.refresh_from_db()
    twin.badge = "7"
    twin.full_clean()
    twin.save()
    twin.username = "twin"
    twin.full_clean()
    twin.save()
    assert "No user name can be taken" in doctor.names().sentence


def test_an_act_of_nobody_is_not_called_like_a_person(marsh):
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        record(actor=None, action="warrant.approved", actor_label="Capt. Marsh")
    said = refused.value.__cause__.diag
    assert said.sqlstate == "23514"
    assert said.message_primary == "AU-01: Who acts without an account is not called by a name of one's own."


def test_an_act_of_a_person_is_called_by_that_persons_name(marsh):
    Conduct.objects.create(actor=marsh, actor_label="Chief Somebody", action="audit.viewed")
    assert Conduct.objects.first().actor_label == str(marsh)
    assert AuditEvent.objects.first().actor_label == str(marsh)
