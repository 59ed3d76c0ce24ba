"""Every address of the site, by owner."""

from django.conf import settings
from django.conf.urls.static import static
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from . import style, views

handler400 = "site_public.views.erreur_400"
handler404 = "site_public.views.erreur_404"
handler500 = "site_public.views.erreur_500"

urlpatterns = [
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}img/marque.svg")),
    path("sante/", views.sante, name="sante"),
    path("compte/", include("backoffice.comptes.urls_connexion")),
    # Wagtail's own doors know neither second factor nor count of attempts: they lead to ours.
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("gestion/", include("backoffice.comptes.urls")),
    path("gestion/", include("backoffice.notifications.urls")),
    path("gestion/candidatures/", include("backoffice.candidatures.urls")),
    path("gestion/parcours/", include("backoffice.parcours.urls")),
    path("gestion/evaluations/", include("backoffice.evaluations.urls")),
    path("gestion/jurys/", include("backoffice.jurys.urls")),
    path("gestion/delivrances/", include("backoffice.delivrances.urls")),
    path("gestion/remises/", include("backoffice.remises.urls")),
    path("gestion/repertoires/", include("backoffice.repertoires.urls")),
    path("gestion/messages/", include("backoffice.contacts.urls")),
    path("gestion/signalements/", include("backoffice.signalements.urls")),
    path("gestion/mon-espace/", include("backoffice.espace.urls")),
    path("gestion/cpf/", include("cpf.urls")),
    path("gestion/listes/", include("backoffice.listes.urls")),
    path("gestion/", include("backoffice.pilotage.urls")),
    path("invitation/", include("backoffice.evaluations.urls_invitation")),
    path("etat-civil/", include("backoffice.espace.urls_public")),
    path("verifier/signaler/", include("backoffice.signalements.urls_public")),
    path("nous-ecrire/", include("backoffice.contacts.urls_public")),
    path("aide/", include("backoffice.aide.urls")),
]
if settings.PAGES_DE_DEVELOPPEMENT:
    urlpatterns += [
        path("style/", style.PageStyle.as_view(), name="style"),
        path("style/courriels/", style.PageCourriels.as_view(), name="courriels"),
    ]
urlpatterns += [
    path("", include("verification.urls")),
    path("", include("home.urls")),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
    path("", include(wagtail_urls)),
]
