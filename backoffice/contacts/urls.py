"""Under /gestion/messages/."""

from django.urls import path

from . import liste, views

app_name = "contacts"
urlpatterns = [
    path("", liste.Liste.as_view(), name="liste"),
    path("<int:pk>/", views.UnMessage.as_view(), name="message"),
]
