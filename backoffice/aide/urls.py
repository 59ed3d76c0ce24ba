"""Under /aide/: open to all, for there is nothing personal in a manual."""

from django.urls import path

from . import views

app_name = "aide"
urlpatterns = [
    path("", views.Sommaire.as_view(), name="sommaire"),
    path("<slug:slug>/", views.PageGuide.as_view(), name="guide"),
]
