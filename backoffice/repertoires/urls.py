"""Addresses of the imports, under /gestion/repertoires/."""

from django.urls import path

from . import views

app_name = "repertoires"
urlpatterns = [
    path("", views.Imports.as_view(), name="imports"),
    path("<int:pk>/", views.UnImport.as_view(), name="un_import"),
]
