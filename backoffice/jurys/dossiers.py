"""The dossiers of a session, as each person may read them."""

from django.db.models import Prefetch, Q

from backoffice.candidatures.models import Candidature
from backoffice.evaluations.resultats import competences_divergentes

from .attente_de_place import file_d_attente
from .composition import conflit_du_membre
from .models import DecisionBloc, Inscription, MembreJury, SessionJury
from .workflow import AVANT_SCEAU


def inscriptions_completes(session) -> list[Inscription]:
    """The dossiers of a session with what its pages read, in a constant number of queries."""
    return list(
        session.inscriptions.filter(retiree_le=None)
        .select_related(
            "candidature__titulaire",
            "candidature__version",
            "candidature__etablissement",
            "candidature__organisme_formation",
            "candidature__parcours",
            "candidature__evaluation",
        )
        .prefetch_related(
            "deports__membre__utilisateur",
            "pieces",
            "candidature__recours",
            "candidature__evaluation__resultats",
            Prefetch("decisions", DecisionBloc.objects.select_related("bloc").order_by("bloc__ordre", "bloc__code")),
        )
        .order_by("pk")
    )


def dossiers_de(session: SessionJury, utilisateur) -> tuple[list[dict], int]:
    """The dossiers of the session as this person may read them, divergent evaluations first; how many are hidden.

    A recused member knows that the dossier is on the list, and nothing else of it. Members read nothing more once the
    minutes are sealed; a porteur reads the dossiers of its own certifications.
    """
    lisibles = set(
        Candidature.objects.filter(inscriptions__session=session).visibles_par(utilisateur).values_list("pk", flat=True)
    )
    siege = session.membres.filter(utilisateur=utilisateur).select_related("utilisateur", "organisme").first()
    dossiers, caches = [], 0
    for inscription in inscriptions_completes(session):
        deport = deport_de(siege, inscription) if session.etat in AVANT_SCEAU else ""
        if not deport and inscription.candidature_id not in lisibles:
            caches += 1
            continue
        dossiers.append(
            {
                "inscription": inscription,
                "candidature": inscription.candidature,
                "deport": deport,
                "decisions": list(inscription.decisions.all()),
                "diverge": bool(competences_divergentes(inscription.candidature.evaluation)),
            }
        )
    return sorted(dossiers, key=lambda d: (not d["diverge"], d["inscription"].pk)), caches


def dossiers_de_l_employeur(session: SessionJury, utilisateur) -> list[dict]:
    """The dossiers of one's own candidates there: on the list, or waiting for a place (with their rank)."""
    siens = Q(candidature__etablissement__in=utilisateur.organismes_ids("employeur"))
    inscrites = session.inscriptions.filter(siens, retiree_le=None).select_related(
        "candidature__titulaire", "candidature__version"
    )
    attente = list(file_d_attente(session))
    miens = set(session.demandes_de_place.filter(siens).values_list("pk", flat=True))
    return [{"candidature": i.candidature, "rang": 0} for i in inscrites.order_by("pk")] + [
        {"candidature": d.candidature, "rang": rang} for rang, d in enumerate(attente, 1) if d.pk in miens
    ]


def deport_de(siege: MembreJury | None, inscription: Inscription) -> str:
    """Why this member does not sit on this dossier; empty when they do, or when they are no member."""
    if siege is None:
        return ""
    recuses = {d.membre_id: d.raison for d in inscription.deports.all()}
    return recuses.get(siege.pk) or conflit_du_membre(siege, inscription.candidature)
