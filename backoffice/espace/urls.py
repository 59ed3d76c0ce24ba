"""Under /gestion/mon-espace/."""

from django.urls import path

from . import views, views_correction, views_donnees, views_titres, views_verifications

app_name = "espace"
urlpatterns = [
    path("", views.Accueil.as_view(), name="accueil"),
    path("dossiers/<int:pk>/", views.Dossier.as_view(), name="dossier"),
    path("documents/<int:pk>/", views_titres.Document.as_view(), name="document"),
    path("documents/<int:pk>/badge/", views_titres.Badge.as_view(), name="badge"),
    path("documents/<int:pk>/partager/", views_titres.Partager.as_view(), name="partager"),
    path("partages/<int:pk>/", views_titres.UnPartage.as_view(), name="partage"),
    path("information/", views.Notice.as_view(), name="notice"),
    path("mes-donnees/", views_donnees.MesDonnees.as_view(), name="donnees"),
    path("mes-donnees/lire/", views_donnees.Lire.as_view(), name="lire_donnees"),
    path("mes-donnees/export/", views_donnees.Exporter.as_view(), name="exporter_donnees"),
    path("etat-civil/", views_correction.EtatCivil.as_view(), name="etat_civil"),
    path("etat-civil/corriger/", views_correction.Corriger.as_view(), name="corriger"),
    path("corrections/<int:pk>/", views_correction.Correction.as_view(), name="correction"),
    path("corrections/<int:pk>/justificatif/", views_correction.Justificatif.as_view(), name="justificatif"),
    path("titulaires/<int:pk>/verifier/", views_verifications.Demander.as_view(), name="demander_verification"),
    path("verifications/<int:pk>/", views_verifications.Verification.as_view(), name="verification"),
]
