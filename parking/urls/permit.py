"""Addresses of permits."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
