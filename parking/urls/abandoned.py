"""Addresses of abandoned vehicles and tows."""

from django.urls import path

from parking.views import abandoned, abandoned_act, tow

ONE = "abandoned/<str:number>/"

urlpatterns = [
    path("abandoned/", abandoned.listing, name="abandoned"),
    path("abandoned/report/", abandoned_act.report, name="abandoned-report"),
    path("abandoned/from-alert/<uuid:pk>/", abandoned_act.from_alert, name="abandoned-from-alert"),
    path("abandoned/hearings/", tow.hearings, name="tow-hearings"),
    path(ONE, abandoned.detail, name="abandoned-vehicle"),
    path(ONE + "print/", abandoned.printed, name="abandoned-print"),
    path(ONE + "photos/<int:pk>/", abandoned.photo, name="abandoned-photo"),
    path(ONE + "mark/", abandoned_act.mark, name="abandoned-mark"),
    path(ONE + "look/", abandoned_act.look, name="abandoned-look"),
    path(ONE + "close/", abandoned_act.close, name="abandoned-close"),
    path(ONE + "tow/", tow.order, name="tow-order"),
    path(ONE + "tow/order.pdf", abandoned.paper, name="tow-paper"),
    path(ONE + "tow/removal/", tow.removal, name="tow-removal"),
    path(ONE + "tow/notice/", tow.notice, name="tow-notice"),
    path(ONE + "tow/notices/<int:pk>.pdf", abandoned.notice_paper, name="tow-notice-paper"),
    path(ONE + "tow/ask/", tow.ask, name="tow-ask"),
    path(ONE + "tow/hearing/", tow.hearing, name="tow-hearing"),
    path(ONE + "tow/end/", tow.end, name="tow-end"),
]
