"""AC-10: roles that exclude each other never meet in one account, whatever writes them; no power beside the roles."""

import threading
from contextlib import closing
from itertools import combinations

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from psycopg.errors import CheckViolation

from ecpd.accounts.models import AccountRole, User
from ecpd.accounts.roles import GUESTS, Role, conflict, exclude
from ecpd.accounts.services import create_account, save_account
from ecpd.audit.models import AuditEvent
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.models import Decision
from tests.factories.people import UserFactory, make_user
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
APART = [pair for pair in combinations(Role, 2) if exclude(*pair)]
TOGETHER = [pair for pair in combinations(Role, 2) if not exclude(*pair)]
each_pair = pytest.mark.parametrize(("one", "other"), [*APART, *((b, a) for a, b in APART)])


def group(role: Role) -> Group:
    """The role's group."""
    return Group.objects.get(name=role.value)


def refused(sentence: str, sql: str, *values) -> None:  # a mapping alone names its values
    """The database refuses under AC-10, in these words, with its own error code."""
    with pytest.raises(IntegrityError, match=sentence) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values[0] if values and isinstance(values[0], dict) else values)
    assert error.value.__cause__.sqlstate == "23514"
    assert str(error.value).startswith("AC-10: ")


def test_the_table_of_sides_is_the_policys():
    sides = ("administrator", "auditor", "captain", "investigator", "guest_examiner", "guest_captain")
    assert all(exclude(Role(one), Role(other)) for one, other in combinations(sides, 2))
    assert not exclude(Role.CAPTAIN, Role.CHIEF)
    assert not exclude(Role.PARKING_OFFICER, Role.CAPTAIN)
    assert all(exclude(guest, role) for guest in GUESTS for role in Role if role is not guest)
    assert conflict(["chief", "investigator", "captain"]) == (Role.INVESTIGATOR, Role.CAPTAIN)
    assert conflict(["captain", "chief", "parking_manager"]) is None


@each_pair
def test_no_account_holds_two_roles_that_exclude_each_other(one, other):
    user = make_user(one)
    words = f"One account cannot be {other.label.lower()} and {one.label.lower()}"
    refused(words, "INSERT INTO accounts_user_groups (user_id, group_id) VALUES (%s, %s)", user.pk, group(other).pk)
    assert set(user.groups.values_list("name", flat=True)) == {one.value}


@pytest.mark.parametrize(("one", "other"), TOGETHER)
def test_other_roles_meet(one, other):
    user = make_user(one)
    user.groups.add(group(other))
    assert User.objects.get(pk=user.pk).role_names == {one, other}


TWO = "INSERT INTO accounts_user_groups (user_id, group_id) VALUES (%(user)s, %(a)s), (%(user)s, %(b)s)"
CTE = ("WITH first AS (INSERT INTO accounts_user_groups (user_id, group_id) VALUES (%(user)s, %(a)s) RETURNING id) "
       "INSERT INTO accounts_user_groups (user_id, group_id) SELECT %(user)s, %(b)s FROM first")  # fmt: skip
LATE = "WITH first AS (INSERT INTO accounts_user_groups (user_id, group_id) VALUES (%(user)s, %(a)s)) {}".format(
    "INSERT INTO accounts_user_groups (user_id, group_id) VALUES (%(user)s, %(b)s)"
)
FLIP = ("INSERT INTO accounts_user_groups (user_id, group_id) VALUES (%(user)s, %(a)s), (%(user)s, %(c)s);"
        "UPDATE accounts_user_groups SET group_id = %(b)s WHERE user_id = %(user)s AND group_id = %(c)s")  # fmt: skip
MOVE = ("INSERT INTO accounts_user_groups (user_id, group_id) VALUES (%(user)s, %(a)s), (%(twin)s, %(b)s);"
        "UPDATE accounts_user_groups SET user_id = %(user)s WHERE user_id = %(twin)s")  # fmt: skip


@pytest.mark.parametrize("sql", [TWO, CTE, LATE, FLIP, MOVE])
def test_no_form_of_writing_lets_them_meet(sql):
    values = {"user": UserFactory().pk, "twin": UserFactory().pk, "a": group(Role.INVESTIGATOR).pk,
              "b": group(Role.CAPTAIN).pk, "c": group(Role.PARKING_OFFICER).pk}  # fmt: skip
    refused("One account cannot be", sql, values)


def test_a_copy_and_a_bulk_of_rows_do_not_let_them_meet():
    user, row = make_user(Role.ADMINISTRATOR), group(Role.INVESTIGATOR).pk
    copied = "COPY accounts_user_groups (user_id, group_id) FROM STDIN"
    with (
        pytest.raises(CheckViolation, match="AC-10: One account cannot be"),
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(copied) as copy,
    ):
        copy.write_row((user.pk, row))
    rows = [AccountRole(user=user, group=group(role)) for role in (Role.PARKING_OFFICER, Role.AUDITOR)]
    with pytest.raises(IntegrityError, match="AC-10"), transaction.atomic():
        AccountRole.objects.bulk_create(rows)


def test_roles_are_not_given_from_an_old_snapshot(transactional_db):
    user = make_user(Role.INVESTIGATOR)
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        with pytest.raises(IntegrityError, match="AU-03: A rule is asked of what is committed now"):
            cursor.execute("INSERT INTO accounts_user_groups (user_id, group_id) VALUES (%s, %s)",
                           [user.pk, group(Role.PARKING_OFFICER).pk])  # fmt: skip
        cursor.execute("ROLLBACK")


def test_two_sessions_that_give_one_side_each_do_not_both_succeed(transactional_db):
    user, errors = UserFactory(), []
    ids = {role: group(role).pk for role in (Role.INVESTIGATOR, Role.CAPTAIN)}
    both = threading.Barrier(2)

    def give(role: Role) -> None:
        with closing(connection.copy()) as mine, mine.cursor() as cursor:
            cursor.execute("BEGIN; SET LOCAL lock_timeout = '10s'")
            both.wait(timeout=10)
            try:
                cursor.execute("INSERT INTO accounts_user_groups (user_id, group_id) VALUES (%s, %s)",
                               [user.pk, ids[role]])  # fmt: skip
                cursor.execute("SELECT pg_sleep(0.2); COMMIT")
            except IntegrityError as error:
                errors.append(str(error))

    threads = [threading.Thread(target=give, args=(role,)) for role in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(errors) == 1
    assert errors[0].startswith("AC-10: One account cannot be")
    assert user.groups.count() == 1


@pytest.mark.parametrize(
    "sql",
    ["UPDATE auth_group SET name = 'captain2' WHERE name = 'captain'",
     "INSERT INTO auth_group (name) VALUES ('sheriff')",
     "DELETE FROM auth_group WHERE name = 'auditor'",
     "INSERT INTO auth_group_permissions (group_id, permission_id) SELECT 1, 1",
     "INSERT INTO auth_permission (name, content_type_id, codename) SELECT 'x', 1, 'x'",
     "INSERT INTO accounts_user_user_permissions (user_id, permission_id) SELECT 1, 1",
     "INSERT INTO guardian_groupobjectpermission (object_pk, content_type_id, group_id, permission_id) "
     "SELECT '1', 1, 1, 1",
     "UPDATE django_content_type SET model = 'case2' WHERE model = 'case'"],
)  # fmt: skip
def test_roles_and_permissions_themselves_are_the_owners(sql):
    with pytest.raises(ProgrammingError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert error.value.__cause__.sqlstate == "42501"


def test_no_permission_is_given_beside_the_roles():
    user = make_user(Role.INVESTIGATOR)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        user.user_permissions.add(Permission.objects.first())


def test_no_account_becomes_a_superuser_or_is_born_one():
    user = make_user(Role.ADMINISTRATOR)
    refused("No account is a superuser", "UPDATE accounts_user SET is_superuser = true WHERE id = %s", user.pk)
    with pytest.raises(IntegrityError, match="AC-10: No account is a superuser"), transaction.atomic():
        User.objects.create_superuser("root", password="a long and unusual sentence")


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ADMINISTRATOR, Role.AUDITOR}])
def test_is_staff_is_not_given_beside_the_role(role):
    user = make_user(role)
    refused("Only an account with the role", "UPDATE accounts_user SET is_staff = true WHERE id = %s", user.pk)
    with pytest.raises(IntegrityError, match="AC-10: Only an account"), transaction.atomic():
        UserFactory(is_staff=True)


def test_is_staff_follows_the_role_by_itself():
    user = make_user(Role.AUDITOR)
    assert user.is_staff
    user.groups.clear()
    user.refresh_from_db()
    assert not user.is_staff
    user.groups.add(group(Role.ADMINISTRATOR))
    AccountRole.objects.filter(user=user).update(group=group(Role.CHIEF))
    user.refresh_from_db()
    assert not user.is_staff


@pytest.fixture
def desk(client, administrator):
    """The administrator's browser."""
    sign_in(client, administrator)
    return client


def test_the_door_names_both_roles_and_records_the_denial(administrator, okafor):
    with pytest.raises(PolicyDenied) as refusal:
        save_account(user=okafor, roles=["investigator", "captain"], actor=administrator)
    assert "One account cannot be investigator and captain." in str(refusal.value)
    assert Decision.objects.get(outcome="denied").verdicts[-1]["rule_id"] == "AC-10"
    assert User.objects.get(pk=okafor.pk).role_names == {"investigator"}


def test_the_administrators_page_refuses_them_beside_the_field_and_keeps_what_was_typed(desk, okafor):
    form = {"username": "evil1", "rank": "", "first_name": "E", "last_name": "Vil", "badge": "",
            "password1": "a long and unusual sentence", "password2": "a long and unusual sentence",
            "roles": ["investigator", "captain", "chief", "auditor", "administrator"]}  # fmt: skip
    told = desk.post(reverse("admin:accounts_user_add"), form)
    page = told.content.decode()
    assert told.status_code == 200
    assert "One account cannot be investigator and captain. Choose one of the two (AC-10)." in page
    assert 'value="evil1"' in page
    assert not User.objects.filter(username="evil1").exists()


def test_the_command_line_refuses_them_too():
    with pytest.raises(ValidationError, match="AC-10"):
        create_account(username="evil1", password="a long and unusual sentence", roles=[Role.AUDITOR, Role.CHIEF])
    assert not User.objects.exists()


def test_an_administrator_gives_himself_no_role(administrator):
    with pytest.raises(PolicyDenied) as refusal:
        save_account(user=administrator, roles=["administrator", "parking_manager"], actor=administrator)
    assert {verdict.rule_id for verdict in refusal.value.blocking} == {"AC-10"}
    assert User.objects.get(pk=administrator.pk).role_names == {"administrator"}


def test_a_change_of_roles_says_what_they_were(administrator, okafor):
    save_account(user=okafor, roles=["captain"], actor=administrator)
    detail = AuditEvent.objects.get(action="account.changed").detail
    assert detail == {"before": ["investigator"], "roles": ["captain"], "active": True}


def test_an_old_account_that_breaks_the_rule_still_works_and_is_named(owner_cursor, administrator):
    user = make_user(Role.INVESTIGATOR)
    owner_cursor.execute("INSERT INTO accounts_user_groups (user_id, group_id) VALUES (%s, %s)",
                         [user.pk, group(Role.CAPTAIN).pk])  # fmt: skip
    owner_cursor.execute("SET session_replication_role = origin")
    from ecpd.doctor.accounts import sides

    user.last_name = "Newname"
    user.save()
    assert user.username in sides().sentence
    save_account(user=user, roles=["captain"], actor=administrator)
    assert sides().state == "ok"
