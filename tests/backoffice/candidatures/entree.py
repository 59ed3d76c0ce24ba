"""The guided entry as a person goes through it: page after page, with the answers of one flat dictionary."""

from django.urls import reverse

from backoffice.candidatures.models import Candidature

NOUVELLE = "/gestion/candidatures/nouvelle/"


def page(candidature, etape) -> str:
    return reverse("candidatures:saisie", args=[candidature.pk, etape])


def ouvrir(client, saisie):
    """The first page: the CQP, its way, the établissement. Returns the answer."""
    champs = ("version", "option", "modalite_acces", "etablissement", "cle")
    return client.post(NOUVELLE, {champ: saisie[champ] for champ in champs if champ in saisie})


def dire_la_personne(client, candidature, saisie, **autres):
    """The second page, with whatever else is posted."""
    civils = {champ: valeur for champ, valeur in saisie.items() if champ.startswith("titulaire-")}
    return client.post(page(candidature, "personne"), {**civils, "cle": "p" * 32, **autres})


def ecrire(client, saisie):
    """Both pages, or the second one again when the dossier is open; returns the last answer."""
    assert ouvrir(client, saisie).status_code == 302
    return dire_la_personne(client, Candidature.objects.latest("pk"), saisie)


def saisir(client, saisie) -> Candidature:
    """Both pages: a draft that only wants its pièces."""
    assert ouvrir(client, saisie).status_code == 302
    candidature = Candidature.objects.latest("pk")
    assert dire_la_personne(client, candidature, saisie).status_code == 302
    candidature.refresh_from_db()
    return candidature
