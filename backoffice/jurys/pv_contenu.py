"""What the minutes freeze: who sat, under which rules, what was counted and decided; references, no candidate by name.

`lecture_pv` reads it back, `docs/decisions` tells why it holds what it holds. Times are those of Paris, as printed.
"""

from django.utils import timezone

from backoffice.candidatures.credits import blocs_credites
from backoffice.candidatures.models import Candidature
from registre.models import EntreeJournal

from .composition import parcours_de
from .dossiers import inscriptions_completes
from .models import Inscription, Procuration, SessionJury
from .resultats import resultat_du_jury

FORMAT = "cqp-pv-2"
DELIBERATIONS = ("deliberer", "saisir_feuille")


def contenu_du_pv(session: SessionJury, numero: str) -> dict:
    """The whole text of the minutes, as data: the same session gives the same content."""
    inscriptions, votants = inscriptions_completes(session), _votants(session)
    colleges = dict(session.membres.values_list("pk", "college"))
    return {
        "format": FORMAT,
        "numero": numero,
        "instance": session.instance,
        "certificateur": session.certificateur.raison_sociale,
        "certifications": sorted({i.candidature.version.intitule for i in inscriptions}),
        "date": session.tenue_le.isoformat(),
        "ouverte_a": _heure(session.ouverte_le),
        "close_a": _heure(session.close_le),
        "lieu": session.lieu or "visioconférence",
        "secretaire": session.secretaire.get_full_name() if session.secretaire else "",
        "regles": _regles(session),
        "membres": membres_du_pv(session),
        "procurations": _procurations(session),
        "dossiers": [_dossier(session, i, votants.get(i.pk), colleges) for i in inscriptions],
    }


def _heure(moment) -> str:
    return f"{timezone.localtime(moment):%H:%M}" if moment else ""


def _regles(session: SessionJury) -> list[dict]:
    """The rules in force, one entry per rule book at stake."""
    lues = {}
    for parcours in parcours_de(session):
        regle = {
            "minimum_par_college": parcours.membres_minimum_par_college,
            "parite_stricte": parcours.parite_stricte,
            "quorum_represente": parcours.quorum_represente,
            "procurations_par_membre": parcours.procurations_par_membre,
            "majorite": str(parcours.get_majorite_display()),
            "voix_preponderante": parcours.voix_preponderante,
        }
        lues.setdefault(tuple(regle.values()), {"certifications": [], **regle})["certifications"].append(
            str(parcours.certification)
        )
    return [{**regle, "certifications": sorted(set(regle["certifications"]))} for regle in lues.values()]


def membres_du_pv(session: SessionJury) -> list[dict]:
    """Who has a seat there, and when they came and left."""
    return [
        {
            "siege": m.pk,
            "nom": m.utilisateur.get_full_name(),
            "college": m.college,
            "fonction": m.fonction,
            "qualite": m.qualite,
            "organisation": m.organisation,
            "suppleant": m.suppleant,
            "remplace": m.remplace.utilisateur.get_full_name() if m.remplace else "",
            "present": m.present_le is not None,
            "excuse": m.excuse_le is not None,
            "arrivee": _heure(m.present_le) if _en_seance(session, m.present_le) else "",
            "depart": _heure(m.parti_le),
        }
        for m in session.membres.select_related("utilisateur", "remplace__utilisateur").order_by("pk")
    ]


def _en_seance(session: SessionJury, moment) -> bool:
    """Who signs in before the opening was there from the start: no time is told."""
    return bool(moment and session.ouverte_le and moment > session.ouverte_le)


def _procurations(session: SessionJury) -> list[dict]:
    donnees = Procuration.objects.filter(mandant__session=session).order_by("pk")
    return [
        {
            "mandant": p.mandant.utilisateur.get_full_name(),
            "mandataire": p.mandataire.utilisateur.get_full_name(),
            "retiree_a": _heure(p.retiree_le),
        }
        for p in donnees.select_related("mandant__utilisateur", "mandataire__utilisateur")
    ]


def _votants(session: SessionJury) -> dict[int, list[int]]:
    """Registration → the seats that took part in its last deliberation, as the journal tells it."""
    dossiers = session.inscriptions.filter(retiree_le=None).values("candidature")
    entrees = EntreeJournal.objects.filter(
        verbe__in=DELIBERATIONS, objet_type=Candidature._meta.label_lower, objet_id__in=dossiers
    )
    return {e["inscription"]: e["votants"] for e in entrees.order_by("sequence").values_list("details", flat=True)}


def _dossier(session: SessionJury, inscription: Inscription, votants: list[int] | None, colleges: dict) -> dict:
    candidature, decidee = inscription.candidature, inscription.issue == Inscription.Issue.DECIDEE
    decisions = list(inscription.decisions.all())
    compte = [colleges.get(pk) for pk in votants or ()]
    return {
        "reference": candidature.reference,
        "certification": candidature.version.intitule,
        "issue": inscription.issue,
        "motif": inscription.motif,
        "resultat": _resultat(session, inscription, decisions),
        "voix": {"employeurs": compte.count("employeurs"), "salaries": compte.count("salaries")} if decidee else None,
        "blocs": blocs_du_pv(decisions),
        "repris": [
            {"code": c.bloc.code, "provenance": c.provenance, "validite": c.validite}
            for c in candidature.blocs_repris()
            if c.est_valide(session.tenue_le)
        ],
        "recommandations": inscription.recommandations,
        "deports": [
            {"nom": d.membre.utilisateur.get_full_name(), "raison": d.raison, "declare": d.declare}
            for d in inscription.deports.all()
        ],
    }


def blocs_du_pv(decisions) -> list[dict]:
    """What was decided on each bloc, with its reason and its count."""
    return [
        {
            "code": d.bloc.code,
            "libelle": d.bloc.libelle,
            "acquis": d.acquis,
            "rattrapage": d.rattrapage,
            "motif": d.motif,
            "vote": None
            if d.pour is None
            else {
                "pour": d.pour,
                "contre": d.contre,
                "abstentions": d.abstentions,
                "preponderante": d.preponderante,
            },
        }
        for d in decisions
    ]


def _resultat(session: SessionJury, inscription: Inscription, decisions) -> str:
    """The state that the signed minutes will give to the dossier."""
    if inscription.issue != Inscription.Issue.DECIDEE:
        return "ajournee" if inscription.issue else ""
    if session.instance == SessionJury.Instance.EVALUATION:
        return "proposee"
    candidature, dites = inscription.candidature, {d.bloc_id: d.acquis for d in decisions}
    credites = blocs_credites(candidature, session.tenue_le)
    return str(resultat_du_jury(candidature, dites, credites, candidature.parcours.validation_partielle))
