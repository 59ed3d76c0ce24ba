"""Under /gestion/signalements/."""

from django.urls import path

from . import liste, views

app_name = "signalements"
urlpatterns = [
    path("", liste.Liste.as_view(), name="liste"),
    path("<int:pk>/", views.UnSignalement.as_view(), name="signalement"),
    path("<int:pk>/photo/", views.Photo.as_view(), name="photo"),
]
