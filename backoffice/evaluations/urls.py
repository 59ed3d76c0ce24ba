"""Under /gestion/evaluations/."""

from django.urls import path

from . import views, views_habilitations

app_name = "evaluations"
urlpatterns = [
    path("<int:pk>/", views.Grille.as_view(), name="grille"),
    path("<int:pk>/saisie/", views.Garder.as_view(), name="garder"),
    path("<int:pk>/guide/", views.GuideVierge.as_view(), name="guide"),
    path("habilitations/", views_habilitations.Liste.as_view(), name="habilitations"),
    path("habilitations/accorder/", views_habilitations.Accorder.as_view(), name="accorder"),
    path("habilitations/<int:pk>/", views_habilitations.Fiche.as_view(), name="habilitation"),
]
