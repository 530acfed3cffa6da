"""Addresses of citations, contests, the table of violations, and the owner's page."""

from django.urls import path

from parking.views import citation, citation_act, citation_draft, contest, contest_public, ledger, violation

ONE = "citations/<str:number>/"
DRAFT = "citations/drafts/<int:pk>/"

WRITING = [
    path("citations/drafts/begin/", citation_draft.begin, name="citation-begin"),
    path("citations/from-alert/<uuid:pk>/", citation_draft.from_alert, name="citation-from-alert"),
    path(DRAFT, citation_draft.write, name="citation-draft"),
    path(DRAFT + "keep/", citation_draft.keep, name="citation-draft-keep"),
    path(DRAFT + "throw-away/", citation_draft.throw_away, name="citation-draft-throw-away"),
]
MONEY = [
    path("citations/payments/", ledger.payments, name="citation-payments"),
    path("citations/payments/<int:pk>/rejected.csv", ledger.rejected, name="citation-payments-rejected"),
    path("citations/payments/for-processor.csv", ledger.for_processor, name="citation-for-processor"),
    path("citations/notices/", ledger.notices, name="citation-notices"),
    path("citations/notices/<int:pk>/mailed/", ledger.mailed, name="citation-notice-mailed"),
    path("citations/notices/<int:pk>.pdf", citation.paper, name="citation-notice"),
]
ACTS = [
    path(ONE + "void/", citation_act.void, name="citation-void"),
    path(ONE + "attached/", citation_draft.attached, name="citation-attached"),
    path(ONE + "hold/", citation_act.hold, name="citation-hold"),
    path(ONE + "holds/<int:pk>/release/", citation_act.release, name="citation-release"),
    path(ONE + "copy/", citation_act.copy, name="citation-copy"),
    path(ONE + "copy/sent/", citation_act.copy_sent, name="citation-copy-sent"),
    path(ONE + "payment/", citation_act.payment, name="citation-payment"),
    path(ONE + "payments/<int:pk>/correct/", citation_act.move, name="citation-payment-correct"),
    path(ONE + "refund/", citation_act.refund, name="citation-refund"),
    path(ONE + "plan/", citation_act.grant_plan, name="citation-plan"),
    path(ONE + "plans/<int:pk>/end/", citation_act.end_plan, name="citation-plan-end"),
    path(ONE + "reduce/", citation_act.reduce, name="citation-reduce"),
    path(ONE + "decline/", citation_act.decline, name="citation-decline"),
    path(ONE + "contest/", contest.enter, name="contest-enter"),
]
CONTESTS = [
    path("contests/", contest.listing, name="contests"),
    path("contests/<int:pk>/", contest.detail, name="contest"),
    path("contests/<int:pk>/schedule/", contest.schedule, name="contest-schedule"),
    path("contests/<int:pk>/withdraw/", contest.withdraw, name="contest-withdraw"),
    path("contests/documents/<int:pk>/", contest.document, name="contest-document"),
    path("hearings/", contest.hearings, name="hearings"),
]
VIOLATIONS = [
    path("violations/", violation.listing, name="violations"),
    path("violations/add/", violation.add, name="violation-add"),
    path("violations/<slug:code>/", violation.detail, name="violation"),
    path("violations/<slug:code>/withdraw/", violation.withdraw, name="violation-withdraw"),
]
PUBLIC = [
    path("contest/", contest_public.start, name="contest-start"),
    path("contest/citation/", contest_public.status, name="contest-status"),
    path("contest/citation/review/", contest_public.review, name="contest-review"),
    path("contest/citation/hearing/", contest_public.hearing, name="contest-hearing"),
    path("contest/citation/plan/", contest_public.ask_plan, name="contest-plan"),
    path("contest/citation/copy/", contest_public.copy, name="contest-copy"),
    path("contest/citation/citation.pdf", contest_public.paper, name="contest-paper"),
    path("contest/leave/", contest_public.leave, name="contest-leave"),
]

urlpatterns = [
    *WRITING,
    *MONEY,
    path("citations/", citation.listing, name="citations"),
    path(ONE, citation.detail, name="citation"),
    path(ONE + "print/", citation.printed, name="citation-print"),
    *ACTS,
    *CONTESTS,
    *VIOLATIONS,
    *PUBLIC,
]
