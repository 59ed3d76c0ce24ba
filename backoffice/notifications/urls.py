"""Under /gestion/: one's notifications, the mails that left or did not, their texts, the reminders."""

from django.urls import path

from . import liste, views, views_courriels, views_relances, views_textes

app_name = "notifications"
urlpatterns = [
    path("notifications/", views.Centre.as_view(), name="centre"),
    path("notifications/preferences/", views.Preferences.as_view(), name="preferences"),
    path("courriels/", liste.Courriels.as_view(), name="courriels"),
    path("courriels/relances/", views_relances.Relances.as_view(), name="relances"),
    path("courriels/textes/", views_textes.Textes.as_view(), name="textes"),
    path("courriels/textes/<int:organisme>/<slug:code>/", views_textes.UnTexte.as_view(), name="texte"),
    path("courriels/<int:pk>/", views_courriels.UnCourriel.as_view(), name="courriel"),
]
