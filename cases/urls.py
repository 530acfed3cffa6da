"""Addresses of cases."""

from django.urls import path

from cases.views import case, evidence, history, listing, matter, person

app_name = "cases"
ONE = "<str:case_number>/"

urlpatterns = [
    path("", listing.listing, name="list"),
    path("new/", case.create, name="create"),
    path(ONE, case.detail, name="detail"),
    path(ONE + "edit/", case.edit, name="edit"),
    path(ONE + "print/", case.printed, name="print"),
    path(ONE + "history/", history.history, name="history"),
    path(ONE + "timeline/print/", history.printed_timeline, name="timeline-print"),
    path(ONE + "notes/", case.note, name="note-add"),
    path(ONE + "status/", case.status, name="status"),
    path(ONE + "seal/", case.seal, name="seal"),
    path(ONE + "matter/", matter.page, name="matter"),
    path(ONE + "matter/numbers/", matter.number_add, name="number-add"),
    path(ONE + "matter/links/", matter.link_add, name="link-add"),
    path(ONE + "matter/<str:kind>/<int:pk>/", matter.take_back, name="untie"),
    path(ONE + "assign/", case.assign, name="assign"),
    path(ONE + "assignments/<int:pk>/end/", case.end_assignment, name="end-assignment"),
    path(ONE + "evidence/new/", evidence.add, name="evidence-add"),
    path(ONE + "evidence/<int:number>/", evidence.detail, name="evidence-detail"),
    path(ONE + "evidence/<int:number>/picture/", evidence.picture, name="evidence-picture"),
    path(ONE + "evidence/<int:number>/original/", evidence.original, name="evidence-original"),
    path(ONE + "evidence/<int:number>/check/", evidence.check, name="evidence-check"),
    path(ONE + "evidence/<int:number>/derive/", evidence.derive, name="evidence-derive"),
    path(ONE + "evidence/<int:number>/hand-over/", evidence.hand_over, name="evidence-hand-over"),
    path(ONE + "evidence/<int:number>/withdraw/", evidence.withdraw, name="evidence-withdraw"),
    path(ONE + "people/new/", person.add, name="person-add"),
    path(ONE + "people/<int:pk>/", person.edit, name="person-edit"),
    path(ONE + "people/<int:pk>/withdraw/", person.withdraw, name="person-withdraw"),
    path(ONE + "people/merge/", person.merge, name="merge"),
    path(ONE + "people/merges/<int:pk>/", person.decide_merge, name="merge-decide"),
    path(ONE + "<str:tab>/", case.detail, name="tab"),
]
