"""Under /verifier/signaler/: without an account."""

from django.urls import path

from . import views_public

urlpatterns = [
    path("", views_public.Signaler.as_view(), name="signaler"),
    path("recu/", views_public.Recu.as_view(), name="signaler_recu"),
]
