"""Who may judge whom: conflicts that the data show (independence asked by the CPNE and by ISO/IEC 17024)."""

from django.db.models import Prefetch

from backoffice.candidatures.models import Candidature
from backoffice.comptes.models import Role, Utilisateur
from registre.models import Organisme

from .models import Habilitation, LienDeclare

SIREN = 9


def _meme_entreprise(un: Organisme, autre: Organisme) -> bool:
    """The same body, or two établissements of one company: their SIRET begin with the same SIREN."""
    if un.pk == autre.pk:
        return True
    return bool(un.siret and autre.siret) and un.siret[:SIREN] == autre.siret[:SIREN]


def conflit(utilisateur, candidature: Candidature, organismes=()) -> str:
    """Return the French sentence of the conflict between this person and this dossier; empty when there is none.

    `organismes` are the bodies the person belongs to beside those of their roles (habilitation, jury seat).
    """
    siens = [r.organisme for r in utilisateur.tous_les_roles if r.organisme] + [o for o in organismes if o]
    if candidature.titulaire.utilisateur_id == utilisateur.pk or (
        candidature.titulaire.courriel.lower() == utilisateur.email.lower()
    ):
        return "C’est la personne candidate elle-même."
    if any(_meme_entreprise(o, candidature.etablissement) for o in siens):
        return f"Cette personne appartient à l’employeur du candidat ({candidature.etablissement})."
    formateur = candidature.organisme_formation
    if formateur and any(_meme_entreprise(o, formateur) for o in siens):
        return f"Cette personne appartient à l’organisme qui a formé le candidat ({formateur})."
    return ""


def habilitation_manquante(evaluateur, candidature: Candidature, jour=None) -> str:
    """Return the French reason why this person may not evaluate this dossier that day; empty when they may."""
    certification = candidature.version.certification
    siennes = [h for h in evaluateur.habilitations.all() if h.certification_id == certification.pk]
    if not siennes:
        return f"{evaluateur} n’est pas habilité(e) pour «\u202f{certification}\u202f»."
    if any(not h.manque(jour) for h in siennes):
        return ""
    derniere = max(siennes, key=lambda h: h.fin)
    return f"L’habilitation de {evaluateur} {derniere.manque(jour)}."


def lien_declare(evaluateur, candidature: Candidature) -> str:
    """The sentence of the tie declared between this person and the candidate; empty when there is none."""
    for lien in candidature.liens_declares.all():
        if lien.personne_id == evaluateur.pk:
            return f"Un lien est déclaré\u00a0: cette personne {LienDeclare.Nature(lien.nature).label}."
    return ""


def empechement(evaluateur, candidature: Candidature) -> str:
    """Why this person may not evaluate this dossier today, whatever the reason; empty when they may."""
    if manque := habilitation_manquante(evaluateur, candidature):
        return manque
    organismes = [h.organisme for h in evaluateur.habilitations.all()]
    if raison := conflit(evaluateur, candidature, organismes) or lien_declare(evaluateur, candidature):
        return f"{evaluateur} ne peut pas évaluer ce dossier. {raison}"
    return ""


def evaluateurs_possibles(candidature: Candidature) -> list[tuple[Utilisateur, str]]:
    """Everybody habilitated one day for this CQP, those who may evaluate first, with why the others may not."""
    certification = candidature.version.certification_id
    gens = (
        Utilisateur.objects.filter(pk__in=Habilitation.objects.filter(certification=certification).values("evaluateur"))
        .prefetch_related(
            Prefetch("habilitations", Habilitation.objects.select_related("organisme")),
            Prefetch("roles", Role.objects.actifs().select_related("organisme"), to_attr="tous_les_roles"),
        )
        .order_by("nom", "prenom", "pk")
    )
    avec_raison = [(personne, _raison_courte(personne, candidature)) for personne in gens]
    return sorted(avec_raison, key=lambda ligne: bool(ligne[1]))


def _raison_courte(personne, candidature) -> str:
    """The reason alone: the list already says the name."""
    raison = empechement(personne, candidature)
    for debut in (f"{personne} ne peut pas évaluer ce dossier. ", f"{personne} "):
        raison = raison.removeprefix(debut)
    raison = raison.replace(f"L’habilitation de {personne} ", "l’habilitation ")
    return raison[:1].lower() + raison[1:].rstrip(".")
