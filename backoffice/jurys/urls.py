"""Under /gestion/jurys/."""

from django.urls import path

from . import (
    liste,
    liste_mandats,
    liste_passages,
    liste_pv,
    liste_recours,
    views,
    views_calendrier,
    views_mandats,
    views_planning,
    views_presence,
    views_pv,
    views_recours,
    views_salle,
    views_statistiques,
)

app_name = "jurys"
urlpatterns = [
    path("", liste.Liste.as_view(), name="liste"),
    path("nouvelle/", views.Planifier.as_view(), name="planifier"),
    path("mandats/", liste_mandats.Liste.as_view(), name="mandats"),
    path("mandats/nouveau/", views_mandats.Donner.as_view(), name="donner_mandat"),
    path("mandats/<int:pk>/", views_mandats.Fiche.as_view(), name="mandat"),
    path("statistiques/", views_statistiques.Page.as_view(), name="statistiques"),
    path("statistiques/dossiers/", liste_passages.Liste.as_view(), name="passages"),
    path("statistiques/classeur/", views_statistiques.Classeur.as_view(), name="statistiques_classeur"),
    path("proces-verbaux/", liste_pv.Liste.as_view(), name="liste_pv"),
    path("recours/", liste_recours.Liste.as_view(), name="liste_recours"),
    path("recours/<int:pk>/", views_recours.Recours.as_view(), name="recours"),
    path("recours/<int:pk>/piece/", views_recours.Piece.as_view(), name="piece_du_recours"),
    path("recours/<int:pk>/accuse/", views_recours.Accuse.as_view(), name="accuse_du_recours"),
    path("planning/", views_planning.Planning.as_view(), name="planning"),
    path("calendrier/", views_calendrier.Calendrier.as_view(), name="calendrier"),
    path("<int:pk>/", views.Session.as_view(), name="session"),
    path("<int:pk>/agenda.ics", views_calendrier.Agenda.as_view(), name="agenda"),
    path("dossiers/<int:pk>/agenda.ics", views_calendrier.AgendaDuDossier.as_view(), name="agenda_du_dossier"),
    path("<int:pk>/salle/", views_salle.Entree.as_view(), name="entree"),
    path("<int:pk>/salle/<int:inscription>/", views_salle.SalleDeDeliberation.as_view(), name="salle"),
    path("<int:pk>/salle/<int:inscription>/vivant/", views_salle.Vivant.as_view(), name="vivant"),
    path("<int:pk>/emargement/", views_presence.FeuilleEmargement.as_view(), name="emargement"),
    path("<int:pk>/pieces/<int:piece>/", views_presence.Piece.as_view(), name="piece"),
    path("<int:pk>/pv/", views_pv.ProcesVerbal.as_view(), name="pv"),
    path("<int:pk>/pv/document/", views_pv.Document.as_view(), name="document_pv"),
    path("<int:pk>/pv/document/<int:rang>/", views_pv.Document.as_view(), name="document_rectificatif"),
    path("<int:pk>/feuilles/", views_pv.FeuillesDeDecision.as_view(), name="feuilles"),
    path("<int:pk>/feuilles/<int:inscription>/", views_pv.FeuillesDeDecision.as_view(), name="feuille"),
    path("notices/<int:pk>/", views_pv.Notice.as_view(), name="notice"),
]
