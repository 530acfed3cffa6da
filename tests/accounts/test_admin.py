"""The administrator's pages: accounts and certificates, through the door, and nothing else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ecpd.accounts import rehearsal
from ecpd.accounts.models import PasswordLock, TrainingCertificate, User
from ecpd.accounts.roles import Role
from ecpd.audit.models import AuditEvent
from ecpd.policy.models import Decision
from tests.factories.people import PASSWORD, certify, make_user
from tests.shown import decide, shown_on
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
LIST, ADD = reverse("admin:accounts_user_changelist"), reverse("admin:accounts_user_add")
CERTIFICATES = reverse("admin:accounts_trainingcertificate_changelist")
ISSUE = reverse("admin:accounts_trainingcertificate_add")
STRONG = "a long and unusual sentence"


@pytest.fixture
def desk(client, administrator):
    """The administrator's browser."""
    sign_in(client, administrator)
    return client


def new_account(**changes) -> dict:
    """The form of a new account."""
    form = {"username": "raman", "rank": "Det.", "first_name": "Priya", "last_name": "Raman", "badge": "2210",
            "password1": STRONG, "password2": STRONG, "roles": ["investigator"]}  # fmt: skip
    return form | changes


def account(user: User, **changes) -> dict:
    """The form of an account as it stands."""
    form = {"username": user.username, "rank": user.rank, "first_name": user.first_name, "last_name": user.last_name,
            "badge": user.badge, "is_active": "on", "roles": sorted(user.role_names)}  # fmt: skip
    return {name: value for name, value in (form | changes).items() if value is not None}


def certificate(holder: User, **changes) -> dict:
    """The form of a new certificate."""
    form = {"holder": holder.pk, "kind": "facial_recognition", "course": "Facial recognition, 16 hours",
            "issued_on": timezone.localdate().isoformat(), "covers_limits": "on", "covers_group_errors": "on",
            "covers_lineups": "on"}  # fmt: skip
    return {name: value for name, value in (form | changes).items() if value is not None}


def page_of(user: User) -> str:
    """The account's page."""
    return reverse("admin:accounts_user_change", args=[user.pk])


def test_an_administrator_creates_an_account_that_signs_in(desk, client):
    response = desk.post(ADD, new_account())
    assert response.status_code == 302, response.context["adminform"].errors
    made = User.objects.get(username="raman")
    assert (made.role_names, made.is_staff, made.is_superuser) == ({"investigator"}, False, False)
    assert made.check_password(STRONG)
    assert Decision.objects.get().action == "account.manage"
    assert AuditEvent.objects.get(action="account.created").detail == {"roles": ["investigator"], "active": True}
    client.logout()
    assert client.post(reverse("account_login"), {"login": "raman", "password": STRONG}).status_code == 302


def test_an_auditors_account_opens_the_admin(desk, client):
    desk.post(ADD, new_account(username="whitlock", roles=["auditor"]))
    sign_in(client, User.objects.get(username="whitlock"))
    assert client.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [{"password1": "short", "password2": "short"}, {"password2": "another sentence altogether"}, {"roles": []},
     {"roles": ["sheriff"]}, {"username": ""}, {"password1": "123456789012345", "password2": "123456789012345"}],
)  # fmt: skip
def test_a_poor_account_is_not_created(desk, changes):
    assert desk.post(ADD, new_account(**changes)).status_code == 200
    assert not User.objects.filter(first_name="Priya").exists()
    assert not Decision.objects.exists()


def test_a_refused_form_says_on_top_what_is_wrong_and_where(desk):
    page = desk.post(ADD, new_account(roles=["auditor", "chief"], username="ä")).content.decode()
    summary = page[page.index('id="errors"') : page.index("</ul>", page.index('id="errors"'))]
    assert "Two things to fix:" in " ".join(summary.split())
    assert '<a href="#id_username">User name</a>: ' in summary and '<a href="#id_roles">Roles</a>: ' in summary
    assert "One account cannot be" in summary
    assert "Please correct" not in page and "<title>Error: " in page
    assert "without accents, digits, and . @ + - _ and" not in desk.post(ADD, new_account(username="")).content.decode()
    first = desk.post(ISSUE, {}).content.decode()
    assert '<a href="#id_holder">Holder</a>: ' in first and "Please correct" not in first


def test_an_administrator_changes_roles_at_once(desk, okafor):
    assert decide(desk, page_of(okafor), account(okafor, roles=["captain"])).status_code == 302
    assert User.objects.get(pk=okafor.pk).role_names == {"captain"}
    assert AuditEvent.objects.get(action="account.changed").detail == {
        "roles": ["captain"], "active": True, "before": ["investigator"],
    }  # fmt: skip


def test_an_administrator_disables_an_account(desk, okafor):
    assert decide(desk, page_of(okafor), account(okafor, is_active=None)).status_code == 302
    assert not User.objects.get(pk=okafor.pk).is_active
    assert User.objects.get(pk=okafor.pk).check_password(PASSWORD)


def test_two_administrators_do_not_undo_each_other(desk, okafor):
    opened = shown_on(desk, page_of(okafor))
    decide(desk, page_of(okafor), account(okafor, roles=["captain"]))
    for said in (opened, {}):
        refused = desk.post(page_of(okafor), account(okafor, roles=["investigator"]) | said)
        assert refused.status_code == 403
    assert "Changed since you opened this page: its roles" in str(
        Decision.objects.filter(outcome="denied").earliest("pk").verdicts
    )
    assert User.objects.get(pk=okafor.pk).role_names == {"captain"}


def test_an_administrator_changes_nothing_of_the_own_account(desk, administrator):
    assert desk.post(page_of(administrator), account(administrator, roles=["chief"])).status_code == 403
    assert User.objects.get(pk=administrator.pk).role_names == {"administrator"}


def test_nobody_deletes_an_account(desk, okafor):
    assert desk.post(reverse("admin:accounts_user_delete", args=[okafor.pk]), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=okafor.pk).exists()


def test_an_administrator_issues_a_certificate(desk, okafor):
    response = desk.post(ISSUE, certificate(okafor))
    assert response.status_code == 302, response.context["adminform"].errors
    issued = TrainingCertificate.objects.get()
    assert (issued.holder, issued.is_current, issued.course) == (okafor, True, "Facial recognition, 16 hours")
    assert Decision.objects.get().action == "certificate.issue"


@pytest.mark.parametrize("missing", ["covers_limits", "covers_group_errors", "covers_lineups"])
def test_fr_20_a_training_that_leaves_a_subject_out_is_no_certificate(desk, okafor, missing):
    response = desk.post(ISSUE, certificate(okafor, **{missing: None}))
    assert "(FR-20)" in response.content.decode()
    assert not TrainingCertificate.objects.exists()


def test_an_administrator_suspends_a_certificate(desk, okafor, administrator):
    issued = certify(okafor, administrator)
    desk.post(CERTIFICATES, {"action": "suspend", "reason": "Under review", "_selected_action": [issued.pk]})
    issued.refresh_from_db()
    assert issued.suspended_at is not None
    assert not issued.is_current
    assert (issued.suspended_by, issued.suspended_reason) == (administrator, "Under review")


def test_a_certificate_is_never_edited(desk, okafor, administrator):
    issued = certify(okafor, administrator)
    page = reverse("admin:accounts_trainingcertificate_change", args=[issued.pk])
    assert desk.get(page).status_code == 200
    assert desk.post(page, certificate(okafor, course="Another course")).status_code == 403


def test_an_administrator_exports_nothing(desk, okafor):
    desk.post(LIST, {"action": "export_csv", "_selected_action": [okafor.pk]})
    assert not AuditEvent.objects.filter(action__startswith="audit.export").exists()


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ADMINISTRATOR, Role.AUDITOR}])
def test_nobody_else_sees_the_accounts(client, role):
    sign_in(client, make_user(role))
    assert client.get(LIST, follow=True).status_code == 403
    assert client.post(ADD, new_account(), follow=True).status_code == 403
    assert not User.objects.filter(username="raman").exists()


def test_an_auditor_reads_accounts_and_manages_none(client, okafor):
    sign_in(client, make_user(Role.AUDITOR))
    lock = PasswordLock.objects.create(name=f"account:{okafor.pk}", user=okafor, source="*")
    assert client.get(LIST).status_code == 200
    assert client.post(ADD, new_account()).status_code == 403
    assert client.post(page_of(okafor), account(okafor, roles=["chief"])).status_code == 403
    client.post(LIST, {"action": "release", "_selected_action": [okafor.pk]})
    lock.refresh_from_db()
    assert lock.released_at is None


def test_a_person_s_page_says_how_the_account_is_used_and_leads_to_what_can_be_done(desk, okafor):
    page = desk.get(page_of(okafor)).content.decode()
    for words in ("Last signed in", "Passwords locked from", "Second factors", f"{LIST}?id__exact={okafor.pk}"):
        assert words in page, words
    assert "None yet" in page
    rehearsal.app_of(okafor)
    page = desk.get(page_of(okafor)).content.decode()
    assert "Authenticator app" in page and "object at" not in page
    alone = desk.get(f"{LIST}?id__exact={okafor.pk}")
    assert list(alone.context["cl"].queryset) == [okafor]


def test_certificates_are_for_who_searches_and_the_list_is_sorted(desk, okafor, administrator):
    make_user(Role.INVESTIGATOR, last_name="Aldana")
    for role in (Role.PARKING_OFFICER, Role.AUDITOR):
        make_user(role)
    holders = desk.get(ISSUE).context["adminform"].form.fields["holder"].queryset
    assert [user.last_name for user in holders] == sorted(user.last_name for user in holders)
    assert administrator not in holders and okafor in holders
    assert all(user.role_names & {"investigator", "captain"} for user in holders)


def test_a_training_of_the_future_is_told_at_its_field_and_one_that_is_over_is_said_to_be(desk, okafor):
    coming = timezone.localdate() + timedelta(days=1)
    refused = desk.post(ISSUE, certificate(okafor, issued_on=coming.isoformat()))
    assert "issued_on" in refused.context["adminform"].errors and not TrainingCertificate.objects.exists()
    over = desk.post(ISSUE, certificate(okafor, issued_on="2020-01-15"), follow=True)
    assert any("It ended on" in str(message) for message in over.context["messages"])


def test_the_head_says_what_the_pages_are_for(desk, client):
    assert "ECPD Audit" not in desk.get(LIST).content.decode()
    sign_in(client, make_user(Role.AUDITOR))
    assert "ECPD Audit" in client.get(LIST).content.decode()
