"""Addresses of permits: the public portal, the guests' page, staff's desk."""

from django.urls import path

from parking.views import permit, permit_class, permit_desk, permit_own, permit_portal

DESK = "permit-desk/"
OWN = "permits/mine/<str:number>/"

urlpatterns = [
    path("permits/", permit_portal.start, name="permit-portal"),
    path("permits/open/<str:token>/", permit_portal.open_link, name="permit-open"),
    path("permits/leave/", permit_portal.leave, name="permit-leave"),
    path("permits/mine/", permit_portal.mine, name="permit-mine"),
    path("permits/apply/<slug:code>/", permit_portal.apply, name="permit-apply"),
    path("permits/applications/<str:number>/", permit_portal.application, name="permit-own-application"),
    path("permits/documents/<int:pk>/", permit_portal.document, name="permit-own-document"),
    path(OWN, permit_own.detail, name="permit-own"),
    path(OWN + "plate/", permit_own.swap, name="permit-own-swap"),
    path(OWN + "guests/", permit_own.guest_code, name="permit-own-guest"),
    path(OWN + "guests/<int:pk>/end/", permit_own.guest_revoke, name="permit-own-guest-revoke"),
    path(OWN + "end/", permit_own.give_up, name="permit-own-end"),
    path(OWN + "check/", permit_own.check, name="permit-own-check"),
    path("guest/", permit_own.guest, name="guest"),
    path(DESK, permit.listing, name="permits"),
    path(DESK + "applications/", permit_desk.queue, name="permit-queue"),
    path(DESK + "applications/<str:number>/", permit_desk.application, name="permit-application"),
    path(DESK + "applications/<str:number>/decide/", permit_desk.decide, name="permit-decide"),
    path(DESK + "applications/<str:number>/reopen/", permit_desk.reopen, name="permit-reopen"),
    path(DESK + "applications/<str:number>/withdraw/", permit_desk.withdraw, name="permit-withdraw"),
    path(DESK + "documents/<int:pk>/", permit_desk.document, name="permit-document"),
    path(DESK + "counter/", permit_desk.counter, name="permit-counter"),
    path(DESK + "counter/<slug:code>/", permit_desk.enter, name="permit-enter"),
    path(DESK + "classes/", permit_class.listing, name="permit-classes"),
    path(DESK + "classes/<slug:code>/", permit_class.detail, name="permit-class"),
    path(DESK + "classes/<slug:code>/withdraw/", permit_class.withdraw, name="permit-class-withdraw"),
    path(DESK + "permits/<str:number>/", permit.detail, name="permit"),
    path(DESK + "permits/<str:number>/plate/", permit.swap, name="permit-swap"),
    path(DESK + "permits/<str:number>/end/", permit.end, name="permit-end"),
    path(DESK + "permits/<str:number>/replace/", permit.replace, name="permit-replace"),
    path(DESK + "permits/<str:number>/warn/", permit.warn, name="permit-warn"),
]
