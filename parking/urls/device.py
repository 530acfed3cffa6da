"""Addresses of readers."""

from django.urls import path

from parking.views import device

urlpatterns = [
    path("readers/", device.listing, name="devices"),
    path("readers/add/", device.register, name="device-add"),
    path("readers/<int:pk>/", device.detail, name="device"),
    path("readers/<int:pk>/token/", device.rotate, name="device-rotate"),
    path("readers/<int:pk>/take-over/", device.take_over, name="device-take-over"),
    path("readers/<int:pk>/retire/", device.retire, name="device-retire"),
]
