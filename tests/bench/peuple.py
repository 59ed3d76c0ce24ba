"""A hundred thousand dossiers that look like dossiers: real-looking names, states in their true proportions."""

import random
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

PAQUET = 5_000
# Share of each state in a registry that has lived a few years.
PARTS = {
    "validee": 52, "partielle": 9, "non_validee": 4, "abandonnee": 6, "irrecevable": 3, "annulee": 2, "brouillon": 4,
    "deposee": 4, "incomplete": 2, "recevable": 4, "en_evaluation": 5, "evaluee": 3, "inscrite_jury": 2,
}  # fmt: skip


def peupler(nombre: int, *, porteurs: int = 8, etablissements: int = 800):
    """Make the bodies, the CQPs, the people and `nombre` dossiers; return the certificateur and one gestionnaire."""
    from faker import Faker

    from backoffice.candidatures.models import Candidature, Etat
    from registre.models import Titulaire
    from registre.textes import plier
    from tests import fabriques as f

    faux, hasard = Faker("fr_FR"), random.Random(20261121)
    faux.seed_instance(20261121)
    parcours = [f.ParcoursFactory(**_parcours(f)) for _ in range(porteurs * 5)]
    maisons = f.OrganismeFactory.create_batch(etablissements)
    ouvreur = f.UtilisateurFactory(role=("employeur", maisons[0]))
    noms, prenoms = [faux.last_name() for _ in range(4_000)], [faux.first_name() for _ in range(800)]
    etats, poids = list(PARTS), list(PARTS.values())
    maintenant = timezone.now()
    versions = [p.certification.versions.get() for p in parcours]
    for debut in range(0, nombre, PAQUET):
        gens, dossiers = [], []
        for rang in range(debut, min(debut + PAQUET, nombre)):
            nom, prenom = hasard.choice(noms), hasard.choice(prenoms)
            gens.append(Titulaire(sexe="F", nom_naissance=nom, prenom1=prenom, annee_naissance=1960 + rang % 45,
                                  courriel=f"p{rang}@example.org", nom_plie=plier(f"{nom} {prenom}")))  # fmt: skip
        with transaction.atomic():
            Titulaire.objects.bulk_create(gens, batch_size=500)
            for rang, personne in enumerate(gens, debut):
                choix = hasard.randrange(len(parcours))
                etat = hasard.choices(etats, poids)[0]
                ouverte = maintenant - timedelta(minutes=hasard.randrange(3_000_000))
                dossiers.append(Candidature(
                    reference=f"BENCH-D-2026-{rang:07}", nom_plie=personne.nom_plie, **{"etat": Etat(etat)},
                    version=versions[choix], parcours=parcours[choix], porteur=parcours[choix].certification.porteur,
                    titulaire=personne, etablissement=hasard.choice(maisons), ouverte_par=ouvreur, ouverte_le=ouverte,
                    modalite_acces="VAE", etat_depuis=ouverte + timedelta(days=hasard.randrange(1, 90)),
                    deposee_le=None if etat in {"brouillon", "annulee"} else ouverte + timedelta(hours=3),
                ))  # fmt: skip
            Candidature.objects.bulk_create(dossiers, batch_size=500)
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE")
    gestionnaire = f.UtilisateurFactory(role=("gestionnaire", parcours[0].certification.porteur))
    return f.UtilisateurFactory(role="certificateur"), gestionnaire


def _parcours(f) -> dict:
    version = f.VersionFactory()
    return {"certification": version.certification, "porteur": version.certification.porteur}
