"""Addresses of leads, one list a room."""

from django.urls import path

from leads.views import (
    after,
    card,
    gallery,
    identity,
    lead,
    pictures,
    request,
    review,
    search,
    self_opened,
    warrant,
)

app_name = "leads"

SEARCH = [
    path("searches/", search.listing, name="search-list"),
    path("searches/<str:number>/", search.detail, name="search-detail"),
    path("searches/<str:number>/print/", search.print_record, name="search-print"),
    path("searches/<str:number>/progress/", search.progress, name="search-progress"),
    path("searches/<str:number>/cancel/", search.cancel, name="search-cancel"),
    path("searches/<str:number>/replay/", search.replay, name="search-replay"),
    path("searches/<str:number>/open-list/", search.open_list, name="open-list"),
    path("searches/<str:number>/faces/<int:place>/face.jpg", pictures.listed_face, name="listed-face"),
    path("searches/<str:number>/probe.jpg", pictures.search_probe, name="search-probe"),
    path("searches/<str:number>/candidates/<int:rank>/face.jpg", pictures.candidate_face, name="candidate-face"),
    path("cases/<str:number>/searches/acceptance/", self_opened.acceptance, name="case-acceptance"),
    path("cases/<str:number>/searches/new/", request.request_page, name="search-request"),
    path("cases/<str:number>/searches/new/<int:evidence>/faces/", request.faces, name="probe-faces"),
    path("cases/<str:number>/searches/new/<int:evidence>/quality/", request.quality, name="probe-quality"),
    path("cases/<str:number>/searches/new/<int:evidence>/check/", request.check, name="probe-check"),
    path("cases/<str:number>/searches/new/<int:evidence>/picture.jpg", pictures.probe_picture, name="probe-picture"),
    path(
        "cases/<str:number>/searches/new/<int:evidence>/faces/<str:letter>.jpg", pictures.probe_face, name="probe-face"
    ),
]
GALLERY = [
    path("gallery/", gallery.sources, name="gallery"),
    path("gallery/add/", gallery.add_source, name="gallery-add"),
    path("gallery/opt-outs/add/", gallery.opt_out_file, name="gallery-opt-out-file"),
    path("gallery/<int:pk>/", gallery.source, name="gallery-source"),
    path("gallery/<int:pk>/import/", gallery.import_photos, name="gallery-import"),
    path("gallery/<int:pk>/withdraw/", gallery.withdraw, name="gallery-withdraw"),
    path("gallery/imports/<int:pk>/", gallery.batch, name="gallery-batch"),
    path("gallery/imports/<int:pk>/progress/", gallery.batch_progress, name="gallery-batch-progress"),
    path("gallery/imports/<int:pk>/rejected.csv", gallery.batch_rejects, name="gallery-batch-rejects"),
    path("gallery/photos/<int:pk>/face.jpg", gallery.photo_picture, name="gallery-photo"),
    path("gallery/photos/<int:pk>/opt-out/", gallery.opt_out_photo, name="gallery-opt-out"),
    path("models/<int:pk>/", card.page, name="model-card"),
]

CANDIDATE = "searches/<str:number>/candidates/<int:rank>/"
REVIEW = [
    path(CANDIDATE, review.compare, name="candidate"),
    path(CANDIDATE + "draft/", review.save_draft, name="examination-draft"),
    path(CANDIDATE + "draw/", review.draw_second, name="draw-second"),
    path(CANDIDATE + "promote/", review.promote, name="promote"),
    path("searches/<str:number>/faces/<int:place>/", review.examine_first, name="examine-first"),
    path("searches/<str:number>/faces/<int:place>/draft/", review.save_first_draft, name="first-draft"),
    path("examinations/<int:pk>/", review.examine_blind, name="examination"),
    path("examinations/<int:pk>/answer/", review.answer_opening, name="examination-answer"),
    path("examinations/<int:pk>/draft/", review.save_blind_draft, name="examination-blind-draft"),
    path("examinations/<int:pk>/picture-1.jpg", review.blind_probe, name="examination-probe"),
    path("examinations/<int:pk>/picture-2.jpg", review.blind_candidate, name="examination-candidate"),
]
LEAD = [
    path("leads/", lead.listing, name="lead-list"),
    path("leads/<str:number>/", lead.detail, name="lead-detail"),
    path("leads/<str:number>/print/", lead.printed, name="lead-print"),
    path("leads/<str:number>/link/", lead.link, name="link"),
    path("leads/<str:number>/items/<int:pk>/verify/", lead.verify, name="verify"),
    path("leads/<str:number>/items/<int:pk>/withdraw/", lead.unlink, name="unlink"),
    path("leads/<str:number>/against/", lead.against, name="against"),
    path("leads/<str:number>/against/<int:pk>/answer/", lead.answer, name="answer"),
    path("leads/<str:number>/mark/", lead.mark, name="mark"),
    path("leads/<str:number>/sign-off/", lead.sign_off, name="sign-off"),
    path("leads/<str:number>/purpose/", lead.allow_purpose, name="allow-purpose"),
    path("leads/<str:number>/clear/", lead.clear, name="clear"),
    path("leads/<str:number>/identity/", identity.enter, name="identity"),
    path("leads/<str:number>/identity/<int:pk>/", identity.answer, name="identity-answer"),
    path("leads/<str:number>/apply/", warrant.apply_, name="apply"),
]
WARRANT = [
    path("applications/", warrant.listing, name="application-list"),
    path("applications/<str:number>/", warrant.detail, name="application-detail"),
    path("applications/<str:number>/packet/", warrant.packet, name="application-packet"),
    path("applications/<str:number>/packet.pdf", warrant.packet_file, name="application-packet-file"),
    path("applications/<str:number>/steps/", after.step, name="application-step"),
    path("applications/<str:number>/supplement/", after.supplement, name="application-supplement"),
    path("applications/<str:number>/recall/", after.recall, name="application-recall"),
    path("applications/<str:number>/withdraw/", warrant.withdraw, name="application-withdraw"),
]

urlpatterns = [*SEARCH, *GALLERY, *REVIEW, *LEAD, *WARRANT]
