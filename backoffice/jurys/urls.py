"""Under /gestion/jurys/."""

from django.urls import path

from . import liste, views, views_pv, views_salle

app_name = "jurys"
urlpatterns = [
    path("", liste.Liste.as_view(), name="liste"),
    path("nouvelle/", views.Planifier.as_view(), name="planifier"),
    path("<int:pk>/", views.Session.as_view(), name="session"),
    path("<int:pk>/salle/<int:inscription>/", views_salle.Salle.as_view(), name="salle"),
    path("<int:pk>/pv/", views_pv.ProcesVerbal.as_view(), name="pv"),
]
