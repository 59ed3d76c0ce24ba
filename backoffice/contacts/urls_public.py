"""Under /nous-ecrire/: without an account."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.Ecrire.as_view(), name="nous_ecrire"),
    path("recu/", views.Recu.as_view(), name="nous_ecrire_recu"),
]
