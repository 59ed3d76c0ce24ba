"""Public addresses. The letter case of a token is free: some readers of QR codes put addresses in small letters."""

from django.urls import path, re_path

from . import views

app_name = "verification"

urlpatterns = [
    path("verifier/", views.verifier, name="verifier"),
    path(".well-known/cqp-cles.json", views.cles_publiques, name="cles"),
    re_path(r"^[vV]/(?P<jeton>[A-Za-z2-7]{168})/?$", views.parchemin, name="jeton"),
    # A token cut or mistyped deserves an answer rather than a missing page.
    re_path(r"^[vV]/(?P<jeton>[^/]{1,400})/?$", views.parchemin, name="illisible"),
]
