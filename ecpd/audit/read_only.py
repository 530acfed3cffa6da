"""The base of every page of the auditor's admin: read, filter, export; nothing else (AU-02)."""

from typing import ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import DateTimeField, FloatField
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst

from ecpd.audit.readable import column, is_code, listed
from ecpd.audit.services import record
from ecpd.policy import engine as policy
from ecpd.web.spreadsheet import csv_file
from ecpd.web.words import action as action_words

MOST_EXPORTED = 100_000
# Columns that leave by no export: a password's hash can be guessed at leisure, a face template stays in its gallery.
# A time stamp's token is no text: `manage.py export_audit` writes it.
NEVER_EXPORTED = frozenset({"password", "probe_embedding", "response"})


class FastPaginator(Paginator):
    """Counts as PostgreSQL estimates when nothing is filtered and the table is large: an exact count reads it all."""

    @cached_property
    def count(self) -> int:
        """The number of rows, exact below 20,000 or when filtered."""
        query = self.object_list.query
        if not query.where:
            with connection.cursor() as cursor:
                cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass",
                               [query.get_meta().db_table])  # fmt: skip
                estimate = cursor.fetchone()[0]
            if estimate > 20_000:
                return estimate
        return super().count


class ReadOnlyAdmin(admin.ModelAdmin):
    """Open to auditors: no adding, changing or deleting, whatever the address. Exports are on the record."""

    paginator = FastPaginator
    list_per_page = 50
    show_full_result_count = False
    actions = ["export_csv"]
    export_more: ClassVar[dict[str, str]] = {}  # columns of an export beside the fields: name, annotation
    export_notice = ""  # a sentence that every row of an export carries, whatever sheet it is copied to
    list_title = ""  # what the list is called where that is not its model's name

    def has_module_permission(self, request) -> bool:
        """Shown to auditors."""
        return request.user.may("audit.view")

    def has_view_permission(self, request, obj=None) -> bool:
        """Read by auditors."""
        return request.user.may("audit.view")

    def has_add_permission(self, request) -> bool:
        """Nobody adds here."""
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        """Nobody changes here."""
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        """Nobody deletes (AC-07)."""
        return False

    def get_urls(self):
        """The list's own addresses, and its export."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/", self.admin_site.admin_view(self.export_list), name=name), *super().get_urls()]

    def get_fields(self, request, obj=None):
        """The record's fields, those of one that is read in words."""
        names = super().get_fields(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return names
        fields = {field.name: field for field in self.opts.fields if not field.is_relation}
        return [column(fields[name]) if name in fields else name for name in names]

    def get_list_display(self, request):
        """The columns; moments and measured numbers as the pages write them."""
        fields = {field.name: field for field in self.opts.fields if isinstance(field, DateTimeField | FloatField)}
        return [listed(fields[name]) if name in fields else name for name in super().get_list_display(request)]

    def changelist_view(self, request, extra_context=None):
        """The list, headed by what it lists."""
        exports = "export_csv" in self.get_actions(request)
        shown = {
            "title": self.list_title or capfirst(self.opts.verbose_name_plural),
            "may_export": exports,
            "most": MOST_EXPORTED,
        }
        return super().changelist_view(request, shown | (extra_context or {}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Looking at one record is conduct too."""
        obj = self.get_object(request, object_id)
        if obj is not None and self.has_view_permission(request, obj):
            record(actor=request.user, action="audit.viewed", subject=obj)
        shown = {"title": capfirst(str(obj)), "subtitle": None}
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))

    def export_list(self, request) -> HttpResponse:
        """Everything the list shows with its search and filters, as CSV."""
        try:
            chosen = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:  # the list itself says the same of a filter that is none
            the_list = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
            return redirect(f"{the_list}?{ERROR_FLAG}=1")
        return self.export_csv(request, chosen)

    @admin.action(description="Export chosen rows as CSV", permissions=["view"])
    def export_csv(self, request, queryset) -> HttpResponse:
        """The chosen rows as CSV; who exported what is on the record."""
        policy.authorize(request.user, "audit.export", what=self.model._meta.label)
        names = [field.name for field in self.model._meta.fields if field.name not in NEVER_EXPORTED]
        fields = [*_attnames(self.model, names), *self.export_more.values()]
        chosen, acts = queryset[:MOST_EXPORTED], [field.name for field in self.model._meta.fields if is_code(field)]
        record(actor=request.user, action="audit.exported", what=self.model._meta.label, rows=chosen.count())
        people, called, notice = _of_people(self.model), _names_of_people(), self.export_notice
        rows = (
            [*(getattr(obj, field) for field in fields), *(action_words(getattr(obj, act)) for act in acts),
             *(called.get(getattr(obj, who.attname), "") for who in people), *([notice] if notice else [])]
            for obj in chosen.iterator(chunk_size=1000)
        )  # fmt: skip
        head = [
            *names,
            *self.export_more,
            *(f"{act}_in_words" for act in acts),
            *(f"{who.name}_name" for who in people),
            *(["notice"] if notice else []),
        ]
        return csv_file(f"{self.model._meta.model_name}.csv", [head, *rows])


def _attnames(model, names: list[str]) -> list[str]:
    return [model._meta.get_field(name).attname for name in names]


def _of_people(model) -> list:
    """The columns that name an account."""
    return [field for field in model._meta.fields if field.related_model is get_user_model()]


def _names_of_people() -> dict[int, str]:
    """What each account is called, by its number: a number alone tells a reader outside nothing."""
    return {user.pk: f"{user.display_name} ({user.username})" for user in get_user_model().objects.all()}
