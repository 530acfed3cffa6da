"""Addresses of the manual."""

from django.urls import path

from ecpd.policy import views

app_name = "policy"

urlpatterns = [
    path("", views.manual, name="manual"),
    path("compare/", views.compare, name="compare"),
    path("decisions/", views.my_decisions, name="decisions"),
    path("decisions/<int:pk>/", views.decision, name="decision"),
    path("amendments/", views.amendment_list, name="amendments"),
    path("amendments/new/", views.propose, name="propose"),
    path("amendments/<int:pk>/", views.amendment, name="amendment"),
    path("amendments/<int:pk>/withdraw/", views.withdraw, name="amendment-withdraw"),
]
