"""Every address of the site, by owner."""

from django.urls import path

from . import views

urlpatterns = [path("sante/", views.sante, name="sante")]
