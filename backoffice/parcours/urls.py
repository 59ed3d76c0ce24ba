"""Under /gestion/parcours/: the rules of each certification, version by version."""

from django.urls import path

from . import views, views_equivalences, views_redaction

app_name = "parcours"
urlpatterns = [
    path("", views.Liste.as_view(), name="liste"),
    path("equivalences/<int:pk>/", views_equivalences.Equivalences.as_view(), name="equivalences"),
    path("nouveau/", views_redaction.Nouveau.as_view(), name="nouveau"),
    path("<int:pk>/", views.Version.as_view(), name="version"),
    path("<int:pk>/controle/", views.Controle.as_view(), name="controle"),
    path("<int:pk>/comparer/", views.Comparaison.as_view(), name="comparer"),
    path("<int:pk>/dossiers/", views.Simulation.as_view(), name="simulation"),
    path("<int:pk>/modifier/<slug:section>/", views_redaction.Modifier.as_view(), name="modifier"),
]
