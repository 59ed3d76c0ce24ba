"""Under /gestion/delivrances/."""

from django.urls import path

from . import liste, views

app_name = "delivrances"
urlpatterns = [
    path("", liste.Liste.as_view(), name="liste"),
    path("documents/<int:pk>/", views.TelechargerDocument.as_view(), name="document"),
]
