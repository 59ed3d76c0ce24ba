"""Addresses of the portal, to stand before Wagtail's own: "/" and everything else belong to the page tree."""

from django.urls import include, path, re_path

from home import views

app_name = "home"

urlpatterns = [
    re_path(r"^(?P<numero>(?:[Rr][Nn][Cc][Pp]|[Rr][Ss])\d{1,6})/?$", views.fiche_par_numero, name="fiche_par_numero"),
    path("api/", include("home.api.urls")),
    path("cqp/comparer/", views.comparer, name="comparer"),
    path("cqp/<slug:slug>/fiche.pdf", views.fiche_pdf, name="fiche_pdf"),
    path("registre/", include("home.registre_public.urls")),
    path("partage/<int:pk>-<slug:empreinte>.png", views.image_de_partage, name="image_de_partage"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.plan_du_site, name="plan_du_site"),
]
