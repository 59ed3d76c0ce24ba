"""Under /gestion/delivrances/."""

from django.urls import path

from . import liste, lots_liste, lots_views, views

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
]
