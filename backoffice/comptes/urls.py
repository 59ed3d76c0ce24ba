"""Under /gestion/compte/."""

from django.urls import path

from . import views

app_name = "comptes"
urlpatterns = [path("", views.MonCompte.as_view(), name="moi")]
