"""Who may judge whom: conflicts that the data show (independence asked by the CPNE and by ISO/IEC 17024)."""

from backoffice.candidatures.models import Candidature


def conflit(utilisateur, candidature: Candidature, organismes: set[int] = frozenset()) -> str:
    """Return the French sentence of the conflict between this person and this dossier; empty when there is none.

    `organismes` are the bodies the person belongs to beside those of their roles (habilitation, jury seat).
    """
    siens = utilisateur.organismes_d_appartenance | {o for o in organismes if o}
    if candidature.titulaire.utilisateur_id == utilisateur.pk or (
        candidature.titulaire.courriel.lower() == utilisateur.email.lower()
    ):
        return "C’est la personne candidate elle-même."
    if candidature.etablissement_id in siens:
        return f"Cette personne appartient à l’employeur du candidat ({candidature.etablissement})."
    if candidature.organisme_formation_id and candidature.organisme_formation_id in siens:
        return f"Cette personne appartient à l’organisme qui a formé le candidat ({candidature.organisme_formation})."
    return ""
