"""Under /etat-civil/: the holder behind the link they received, without an account."""

from django.urls import path

from . import views_lien

urlpatterns = [path("<str:jeton>/", views_lien.VerifierMonEtatCivil.as_view(), name="verifier_etat_civil")]
