"""Under /invitation/: the page of the évaluateur métier, without an account."""

from django.urls import path

from . import views

app_name = "invitation"
urlpatterns = [path("<str:jeton>/", views.ReponseMetier.as_view(), name="repondre")]
