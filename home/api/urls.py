"""Addresses of the API, under /api/. Each answer is an open one: see home/ouvert.py."""

import functools

from django.urls import include, path, re_path

from home.ouvert import ouvertes

from . import views
from .points import api


def _ouverte(vue):
    """HEAD is answered as GET is: ninja only knows the methods that an operation names."""

    @functools.wraps(vue)
    def comme_get(request, *args, **kwargs):
        if request.method == "HEAD":
            request.method = "GET"
        return vue(request, *args, **kwargs)

    return ouvertes(comme_get)


def _points():
    motifs, application, espace = api.urls
    for motif in motifs:
        motif.callback = _ouverte(motif.callback)
    # ninja's own root page is not ours.
    return [m for m in motifs if m.name != "api-root"], application, espace


_motifs, _application, _espace = _points()
urlpatterns = [
    path("v1/", views.documentation, name="api"),
    path("v1/openapi.json", views.openapi, name="openapi"),
    path("v1/", include((_motifs, _application), namespace=_espace)),
    re_path(r"^(?P<reste>.*)$", views.introuvable, name="api_introuvable"),
]
