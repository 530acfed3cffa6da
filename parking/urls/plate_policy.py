"""Addresses of the plate usage policy."""

from django.urls import path

from parking.views import plate_policy

urlpatterns = [
    path("plate-policy/", plate_policy.public, name="plate-policy-public"),
    path("plate-policies/", plate_policy.listing, name="plate-policies"),
    path("plate-policies/draft/", plate_policy.draft, name="plate-policy-draft"),
    path("plate-policies/<int:pk>/", plate_policy.detail, name="plate-policy"),
    path("plate-policies/<int:pk>/edit/", plate_policy.edit, name="plate-policy-edit"),
    path("plate-policies/<int:pk>/publish/", plate_policy.publish, name="plate-policy-publish"),
    path("plate-policies/<int:pk>/withdraw/", plate_policy.withdraw, name="plate-policy-withdraw"),
]
