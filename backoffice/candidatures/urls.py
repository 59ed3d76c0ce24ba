"""Under /gestion/candidatures/."""

from django.urls import path

from . import copie, lieux, liste, saisie, saisies, views, views_positionnement, views_recevabilite

app_name = "candidatures"
urlpatterns = [
    path("", liste.Liste.as_view(), name="liste"),
    path("lieux/", lieux.Lieux.as_view(), name="lieux"),
    path("nouvelle/", saisie.Nouvelle.as_view(), name="nouvelle"),
    path("<int:pk>/", views.Dossier.as_view(), name="dossier"),
    path("<int:pk>/modifier/", saisie.Modifier.as_view(), name="modifier"),
    path("<int:pk>/saisie/<slug:etape>/", saisie.Etape.as_view(), name="saisie"),
    path("<int:pk>/dupliquer/", copie.Dupliquer.as_view(), name="dupliquer"),
    path("saisies/", saisies.Saisies.as_view(), name="saisies"),
    path("saisies/modele/", saisies.Modele.as_view(), name="modele"),
    path("saisies/<int:pk>/", saisies.SaisieEcran.as_view(), name="saisie_groupee"),
    path("saisies/<int:pk>/rapport/", saisies.Annotee.as_view(), name="annotee"),
    path("<int:pk>/recevabilite/", views_recevabilite.Examen.as_view(), name="recevabilite"),
    path("<int:pk>/recevabilite/historique/", views_recevabilite.Historique.as_view(), name="historique"),
    path("<int:pk>/positionnement/", views_positionnement.Positionnement.as_view(), name="positionnement"),
    path("<int:pk>/complements/", views_recevabilite.Complements.as_view(), name="complements"),
    path("pieces/<int:pk>/", views.TelechargerPiece.as_view(), name="piece"),
]
