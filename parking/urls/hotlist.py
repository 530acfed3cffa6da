"""Addresses of hotlists."""

from django.urls import path

from parking.views import hotlist

urlpatterns = [
    path("hotlists/", hotlist.listing, name="hotlists"),
    path("hotlists/enter/", hotlist.enter, name="hotlist-enter"),
    path("hotlists/<int:pk>/", hotlist.detail, name="hotlist"),
    path("hotlists/<int:pk>/add/", hotlist.add, name="hotlist-add"),
    path("hotlists/<int:pk>/import/", hotlist.take_in, name="hotlist-import"),
    path("hotlists/<int:pk>/withdraw/", hotlist.withdraw, name="hotlist-withdraw"),
    path("hotlists/entries/<int:pk>/withdraw/", hotlist.withdraw_entry, name="hotlist-entry-withdraw"),
    path("hotlists/imports/<int:pk>/refused.csv", hotlist.rejected, name="hotlist-import-refused"),
]
