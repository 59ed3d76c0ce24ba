"""Who may open a dossier, by which ways, for whom: what the parcours, the registers and the past of a person allow."""

import calendar
from datetime import date

from django.db.models import Q
from django.utils import timezone

from backoffice.parcours.models import ModaliteAcces, Parcours
from registre.models import VersionCertification, VoieAcces
from registre.textes import plier

from .models import CLOS, Candidature, Etat

# The ways of the SI CPF and those of the fiches of France compétences.
VOIE_DE_LA_FICHE = {
    ModaliteAcces.FC_HORS_CONTRAT: VoieAcces.Voie.FC,
    ModaliteAcces.FC_CONTRAT_PRO: VoieAcces.Voie.CQ,
    ModaliteAcces.APPRENTISSAGE: VoieAcces.Voie.CA,
    ModaliteAcces.FI: VoieAcces.Voie.FI,
    ModaliteAcces.VAE: VoieAcces.Voie.VAE,
    ModaliteAcces.CANDIDAT_LIBRE: VoieAcces.Voie.CL,
}


def voies_admises(version: VersionCertification, parcours: Parcours | None) -> list[str]:
    """The ways by which one may come to this version, in the order of the choices.

    Those of the parcours, else those of the fiche, else all; the VAE leads to the RNCP only (code du travail,
    L. 6411-1).
    """
    ouvertes = {v.voie for v in version.voies.all()}
    voulues = set(parcours.modalites) if parcours else set()
    return [
        voie
        for voie in ModaliteAcces.values
        if (voie in voulues if voulues else not ouvertes or VOIE_DE_LA_FICHE[voie] in ouvertes)
        and (voie != ModaliteAcces.VAE or version.repertoire == VersionCertification.Repertoire.RNCP)
    ]


def voie_admise(candidature):
    """Refuse a way that this parcours or this version does not open."""
    voie = candidature.modalite_acces
    if not voie or voie in voies_admises(candidature.version, candidature.parcours):
        return
    nom = candidature.get_modalite_acces_display()
    if voie == ModaliteAcces.VAE and candidature.version.repertoire != VersionCertification.Repertoire.RNCP:
        yield f"La voie d’accès «\u202f{nom}\u202f» n’existe que pour les certifications du RNCP."
    else:
        yield f"La voie d’accès «\u202f{nom}\u202f» n’est pas ouverte pour ce CQP\u00a0: choisissez-en une autre."


def ouverture_permise(candidature, acteur):
    """Refuse who the parcours does not let open a dossier, and say who may."""
    parcours, roles = candidature.parcours, candidature.roles_de(acteur)
    if ("employeur" in roles and parcours.employeur_ouvre) or ("gestionnaire" in roles and parcours.porteur_ouvre):
        return
    if parcours.porteur_ouvre:
        yield f"Pour ce CQP, le porteur ouvre les dossiers\u00a0: adressez-vous à {candidature.porteur.raison_sociale}."
    elif parcours.employeur_ouvre:
        yield "Pour ce CQP, l’employeur ouvre les dossiers\u00a0: invitez-le à ouvrir celui-ci."
    else:
        yield "Le parcours de ce CQP n’accepte pas de nouveau dossier pour l’instant\u00a0: écrivez à son porteur."


def versions_offertes(acteur):
    """The deliverable versions for which this person may open a dossier today."""
    publies = Parcours.objects.all().en_vigueur()
    ouvrables = Q(pk__in=[])
    if acteur.a_role("employeur"):
        ouvrables |= Q(certification__in=publies.filter(employeur_ouvre=True).values("certification"))
    if porteurs := acteur.organismes_ids("gestionnaire"):
        par_le_porteur = publies.filter(porteur_ouvre=True).values("certification")
        ouvrables |= Q(certification__in=par_le_porteur, certification__porteur__in=porteurs)
    versions = VersionCertification.objects.delivrables().filter(ouvrables)
    return versions.select_related("certification").order_by("intitule", "pk")


def dossiers_de_la_meme_personne(candidature, **filtres):
    """Dossiers typed for the same person (same names, same birth): each dossier types its person anew."""
    personne = candidature.titulaire
    sienne = (plier(personne.nom_naissance), plier(personne.prenom1))
    if not (all(sienne) and personne.annee_naissance):
        return []
    proches = Candidature.objects.filter(
        titulaire__nom_plie__startswith=sienne[0],
        titulaire__annee_naissance=personne.annee_naissance,
        titulaire__mois_naissance=personne.mois_naissance,
        titulaire__jour_naissance=personne.jour_naissance,
        **filtres,
    ).exclude(pk=candidature.pk)
    return [
        c
        for c in proches.select_related("titulaire")
        if (plier(c.titulaire.nom_naissance), plier(c.titulaire.prenom1)) == sienne
    ]


def sans_jumelle(candidature):
    """Refuse a second live dossier of the same person.

    The draft of another employer neither blocks nor shows: the first one to declare wins.
    """
    clos = (*CLOS, Etat.PARTIELLE)
    for autre in dossiers_de_la_meme_personne(candidature, version=candidature.version_id):
        sien = autre.etat != Etat.BROUILLON or autre.etablissement_id == candidature.etablissement_id
        if autre.etat not in clos and sien:
            yield "Cette personne a déjà une candidature, en cours ou validée, pour cette certification."
            return


def ajouter_mois(jour: date, mois: int) -> date:
    """The same day `mois` months later, or the last day of that month when it is shorter."""
    annee, rang = divmod(jour.year * 12 + jour.month - 1 + mois, 12)
    return date(annee, rang + 1, min(jour.day, calendar.monthrange(annee, rang + 1)[1]))


def apres_echec(candidature):
    """Refuse a new dossier too soon after a failure at the same certification, and say from which day it may come."""
    delai = candidature.parcours.delai_nouvelle_candidature_mois
    if not delai:
        return
    echecs = dossiers_de_la_meme_personne(
        candidature, version__certification=candidature.version.certification_id, etat=Etat.NON_VALIDEE
    )
    if not echecs:
        return
    dernier = max(timezone.localdate(c.decidee_le or c.etat_depuis) for c in echecs)
    permis = ajouter_mois(dernier, delai)
    if timezone.localdate() < permis:
        yield (
            f"Après un échec, une nouvelle candidature à ce CQP attend {delai} mois\u00a0: "
            f"pour cette personne, elle est possible à partir du {permis:%d/%m/%Y}."
        )
