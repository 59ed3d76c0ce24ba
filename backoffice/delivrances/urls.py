"""Under /gestion/delivrances/."""

from django.urls import path

from . import apres_views, liste, lots_liste, lots_views, modeles_liste, modeles_views, views

app_name = "delivrances"
urlpatterns = [
    path("", liste.Liste.as_view(), name="liste"),
    path("documents/<int:pk>/", views.TelechargerDocument.as_view(), name="document"),
    path("lots/", lots_liste.Lots.as_view(), name="lots"),
    path("lots/lignes/", lots_liste.Lignes.as_view(), name="lignes"),
    path("lots/ouvrir/", lots_views.OuvrirUnLot.as_view(), name="ouvrir_lot"),
    path("lots/session/<int:pk>/", lots_views.LotDeSession.as_view(), name="lot_de_session"),
    path("lots/<int:pk>/", lots_views.Lot.as_view(), name="lot"),
    path("lots/<int:pk>/refuses/", lots_views.LotDesRefuses.as_view(), name="lot_des_refuses"),
    path("documents/<int:pk>/fiche/", apres_views.Fiche.as_view(), name="fiche"),
    path("documents/<int:pk>/annuler/", apres_views.DemanderAnnulation.as_view(), name="demander_annulation"),
    path("documents/<int:pk>/remplacer/", apres_views.PreparerRemplacement.as_view(), name="preparer_remplacement"),
    path("documents/<int:pk>/duplicata/", apres_views.DemanderDuplicata.as_view(), name="demander_duplicata"),
    path("annulations/<int:pk>/", apres_views.Annulation.as_view(), name="annulation"),
    path("remplacements/<int:pk>/", apres_views.Remplacement.as_view(), name="remplacement"),
    path("demandes-de-duplicata/<int:pk>/", apres_views.DemandeDeDuplicata.as_view(), name="demande_duplicata"),
    path("duplicatas/<int:pk>/", views.TelechargerDuplicata.as_view(), name="duplicata"),
    path("modeles/", modeles_liste.Modeles.as_view(), name="modeles"),
    path("modeles/nouveau/", modeles_views.NouveauModele.as_view(), name="nouveau_modele"),
    path("modeles/<int:pk>/", modeles_views.UnModele.as_view(), name="modele"),
    path("modeles/<int:pk>/modifier/", modeles_views.ModifierModele.as_view(), name="modifier_modele"),
    path("modeles/<int:pk>/controle/", modeles_views.ControleDuModele.as_view(), name="controle_modele"),
    path("modeles/<int:pk>/comparer/", modeles_views.ComparerModeles.as_view(), name="comparer_modele"),
    path("modeles/<int:pk>/apercu/<slug:genre>/", modeles_views.Apercu.as_view(), name="apercu_modele"),
    path("modeles/<int:pk>/specimen/", modeles_views.SpecimenDuModele.as_view(), name="specimen_modele"),
]
