"""A sealed session of as many validated dossiers as one wants: one lived through the verbs, the others its copies."""

from backoffice.jurys.models import SessionJury

from . import fabriques as f
from .copies import copier

PAQUET = 100


def sceller_en_nombre(acteurs: f.Acteurs, nombre: int) -> SessionJury:
    """The copies have their own person, name and reference; what the jury decided of the first holds for all."""
    modele = f.decidee(acteurs)
    inscription = modele.inscriptions.get()
    gens = [f.TitulaireFactory.build(prenom1=_PRENOMS[n % len(_PRENOMS)]) for n in range(nombre - 1)]
    for personne in gens:
        personne.nom_plie = f"{personne.nom_naissance} {personne.prenom1}".lower()
    f.Titulaire.objects.bulk_create(gens, batch_size=PAQUET)
    dossiers = copier(
        modele,
        nombre - 1,
        lambda n: {"reference": f"{modele.reference}-{n}", "titulaire": gens[n], "nom_plie": gens[n].nom_plie},
    )
    copier(modele.evaluation, nombre - 1, lambda n: {"candidature": dossiers[n], "guide": None})
    inscrites = copier(inscription, nombre - 1, lambda n: {"candidature": dossiers[n]})
    for decision in inscription.decisions.all():
        copier(decision, nombre - 1, lambda n: {"inscription": inscrites[n]})
    return inscription.session


_PRENOMS = ("Élodie", "Mathis", "Anaïs", "Björn", "Zoé", "Jean-Baptiste", "Inès", "Gaël")
