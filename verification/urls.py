"""Public addresses. The letter case of a token is free: some readers of QR codes put addresses in small letters."""

from django.urls import path, re_path

from . import attestations, journal, partage, views, views_hors_ligne

app_name = "verification"

urlpatterns = [
    path("verifier/", views.verifier, name="verifier"),
    path("verifier/fichier/", views.fichier, name="fichier"),
    path("verifier/hors-ligne/", views_hors_ligne.page, name="hors_ligne"),
    path("verifier/hors-ligne/page", views_hors_ligne.fichier, name="hors_ligne_fichier"),
    path("verifier/hors-ligne/programme", views_hors_ligne.programme, name="hors_ligne_programme"),
    re_path(r"^partage/(?P<jeton>[A-Za-z0-9_-]{1,100})/?$", partage.page, name="partage"),
    re_path(r"^partage/(?P<jeton>[A-Za-z0-9_-]{1,100})/document$", partage.fichier, name="partage_fichier"),
    path(".well-known/cqp-cles.json", views.cles_publiques, name="cles"),
    path(".well-known/did.json", attestations.document_did, name="did"),
    path("statuts/<int:liste>", attestations.liste_de_statuts, name="statuts"),
    path("journal/", journal.page, name="journal"),
    path("journal/checkpoint", journal.point_de_controle, name="point"),
    path("journal/cosignature", journal.cosignature, name="cosignature"),
    # The addresses of tlog-tiles: « tile/0/x001/234.p/8 ».
    re_path(
        r"^journal/tile/(?P<niveau>[0-5])/(?P<rang>[x0-9/]{1,30}?)(?:\.p/(?P<partie>[1-9][0-9]{0,2}))?$",
        journal.tuile,
        name="tuile",
    ),
    re_path(
        r"^journal/tile/entries/(?P<rang>[x0-9/]{1,30}?)(?:\.p/(?P<partie>[1-9][0-9]{0,2}))?$",
        journal.entrees,
        name="entrees",
    ),
    re_path(r"^[vV]/(?P<jeton>[A-Za-z2-7]{168})/preuve$", journal.preuve, name="preuve"),
    re_path(r"^[vV]/(?P<jeton>[A-Za-z2-7]{168})/?$", views.parchemin, name="jeton"),
    # A token cut or mistyped deserves an answer rather than a missing page.
    re_path(r"^[vV]/(?P<jeton>[^/]{1,400})/?$", views.parchemin, name="illisible"),
]
