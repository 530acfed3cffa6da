"""The gallery: sources, photos, imports with their progress and rejected files, opt-outs, model cards."""

import hashlib
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ecpd.accounts.models import User
from ecpd.policy import engine as policy
from ecpd.web.asking import carried_out
from ecpd.web.shown import field_for, said_by
from ecpd.web.spreadsheet import csv_file
from leads.forms.gallery import ImportForm, OptOutForm, PhotoFileForm, SourceForm
from leads.models import GalleryPhoto, GallerySource, ImportBatch, OptOut
from leads.pictures import face_picture
from leads.selectors import gallery as reads
from leads.selectors.card import cards_in_force
from leads.selectors.shown import of_photo, of_source
from leads.services import gallery
from leads.services.upload import archive_of
from leads.views.lookup import allowed_role, person
from leads.views.pictures import or_404

PAGE = 50
OUT_OF_SEARCH = "The opt-out is recorded. The photo and its near copies are out of every search."
REFUSED_LATER = "The opt-out is recorded. This photo is refused whenever somebody imports it."


@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """Sources with what they hold, and the newest imports and opt-outs."""
    allowed_role(request, "gallery.view")
    listed = list(reads.source_list())
    shown = {
        "sources": listed,
        "faces": sum(figures["face_count"] for figures in map(vars, listed)),
        "photos": sum(figures["photo_count"] for figures in map(vars, listed)),
        "batches": reads.batch_list()[:10],
        "opt_outs": reads.opt_out_list()[:10],
        "cards": cards_in_force(),
        "may_add": person(request).may("gallery.add_source"),
        "may_opt_out": person(request).may("gallery.opt_out"),
    }
    return render(request, "leads/gallery/sources.html", shown)


@require_http_methods(["GET", "POST"])
def add_source(request: HttpRequest) -> HttpResponse:
    """Add a source; a kind outside the public realm is refused by FR-05, on the record."""
    allowed_role(request, "gallery.add_source")
    form = SourceForm(request.POST or None)
    source, status = carried_out(request, form, lambda answers: gallery.add_source(actor=person(request), **answers))
    if source is not None:
        messages.success(request, f"{source} is added. Import its photos next.")
        return redirect("leads:gallery-source", source.pk)
    return render(request, "leads/gallery/source_form.html", {"form": form}, status=status)


@require_GET
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """One source: what it is and its photos."""
    allowed_role(request, "gallery.view")
    found = get_object_or_404(reads.source_list(), pk=pk)
    policy.authorize(person(request), "gallery.view", found)
    words = request.GET.get("q", "")
    photos = reads.photos_matching(reads.photos_of(found), words)
    shown = {
        "source": found,
        "shown_field": field_for(of_source(found)),
        "page": Paginator(photos, PAGE).get_page(request.GET.get("page")),
        "words": words,
        "batches": reads.batch_list().filter(source=found)[:5],
        "may_import": person(request).may("gallery.import") and found.withdrawn_at is None,
        "may_opt_out": person(request).may("gallery.opt_out"),
    }
    return render(request, "leads/gallery/source.html", shown)


@require_http_methods(["GET", "POST"])
def import_photos(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload photos or an archive; a worker imports them."""
    allowed_role(request, "gallery.import")
    found = get_object_or_404(GallerySource, pk=pk)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            with archive_of(form.cleaned_data["photos"]) as (label, archive):
                batch = gallery.request_import(source=found, actor=person(request), label=label, archive=archive)
            return redirect("leads:gallery-batch", batch.pk)
        except ValidationError as error:
            form.add_error("photos", error)
    return render(request, "leads/gallery/import.html", {"form": form, "source": found})


@require_GET
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: how far it is and what was rejected, why."""
    allowed_role(request, "gallery.view")
    found = get_object_or_404(reads.batch_list(), pk=pk)
    policy.authorize(person(request), "gallery.view", found)
    rejects = Paginator(reads.rejects_of(found), PAGE).get_page(request.GET.get("page"))
    return render(request, "leads/gallery/batch.html", {"page": rejects, **_live(found)})


@require_GET
def batch_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The live panel of an import (htmx)."""
    allowed_role(request, "gallery.view")
    found = get_object_or_404(reads.batch_list(), pk=pk)
    if found.is_over:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "leads/gallery/_batch_progress.html", _live(found))


def _live(found: ImportBatch) -> dict:
    total = found.total or 1
    return {
        "batch": found,
        "running": not found.is_over,
        "percent": min(100, 100 * found.handled // total) if found.total else 0,
        "progress_url": reverse("leads:gallery-batch-progress", args=[found.pk]),
    }


@require_GET
def batch_rejects(request: HttpRequest, pk: int) -> HttpResponse:
    """The rejected files of an import as CSV."""
    allowed_role(request, "gallery.view")
    found = get_object_or_404(ImportBatch, pk=pk)
    policy.authorize(person(request), "gallery.view", found)
    rows = ((row.name, row.code, row.reason) for row in reads.rejects_of(found).iterator())
    return csv_file(f"import-{found.pk}-rejected.csv", [("File", "Code", "Reason"), *rows])


@require_GET
def photo_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A gallery photo's first face."""
    allowed_role(request, "gallery.view")
    found = get_object_or_404(GalleryPhoto.objects.select_related("file"), pk=pk)
    face = found.faces.order_by("ordinal").first()
    box = face.box if face else [0, 0, found.width or 1, found.height or 1]
    return or_404(face_picture, found.file, {"box": box})


@require_http_methods(["GET", "POST"])
def opt_out_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Record an opt-out for a photo of the gallery: it is never returned again (FR-06)."""
    allowed_role(request, "gallery.opt_out")
    photo = get_object_or_404(GalleryPhoto.objects.select_related("source", "subject"), pk=pk)
    if request.method == "GET":
        policy.authorize(person(request), "gallery.view", photo)
    form = OptOutForm(request.POST or None, shows=of_photo(photo))
    done, status = carried_out(request, form, lambda answers: gallery.record_opt_out(
        actor=person(request), sha256=photo.sha256, source=photo.source, shown=form.shown, **answers
    ))  # fmt: skip
    if done is not None:
        messages.success(request, OUT_OF_SEARCH)
        return redirect("leads:gallery-source", photo.source_id)
    return render(request, "leads/gallery/opt_out.html", {"form": form, "photo": photo}, status=status)


@require_http_methods(["GET", "POST"])
def opt_out_file(request: HttpRequest) -> HttpResponse:
    """Record an opt-out by the photo's file, in the gallery or not: it is in no search, and no import takes it."""
    allowed_role(request, "gallery.opt_out")
    form = PhotoFileForm(request.POST or None, request.FILES or None, shows=of_photo(None))
    done, status = carried_out(request, form, lambda answers: _opted_out(person(request), form.shown, **answers))
    if done is not None:
        there = GalleryPhoto.objects.filter(sha256=done.sha256).exists()
        messages.success(request, OUT_OF_SEARCH if there else REFUSED_LATER)
        return redirect("leads:gallery")
    return render(request, "leads/gallery/opt_out.html", {"form": form, "photo": None}, status=status)


def _opted_out(actor: User, shown: str, *, photo: UploadedFile, **answers: Any) -> OptOut:
    digest = hashlib.file_digest(photo, "sha256").hexdigest()
    return gallery.record_opt_out(actor=actor, sha256=digest, shown=shown, by_file=True, **answers)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a source out of use, with the reason."""
    allowed_role(request, "gallery.add_source")
    found = get_object_or_404(GallerySource, pk=pk)
    try:
        gallery.withdraw_source(source=found, actor=person(request), reason=request.POST.get("reason", ""),
                                shown=said_by(request))  # fmt: skip
        messages.success(request, f"{found} is withdrawn. None of its photos is searched any more.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("leads:gallery-source", pk)
