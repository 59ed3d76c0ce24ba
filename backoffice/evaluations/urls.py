"""Under /gestion/evaluations/."""

from django.urls import path

from . import views

app_name = "evaluations"
urlpatterns = [path("<int:pk>/", views.Grille.as_view(), name="grille")]
