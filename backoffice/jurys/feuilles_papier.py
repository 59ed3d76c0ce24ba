"""Decision sheets on paper: empty boxes before the jury, what was recorded after; one dossier or the whole list."""

from django.template.loader import render_to_string
from django.utils import timezone

from backoffice.evaluations.resultats import Lecture
from registre.documents import phrases

from .models import Inscription, SessionJury
from .signatures import places_de

EVALUE = {True: "Acquis", False: "Non acquis", None: "À examiner"}


def dessiner_feuilles(session: SessionJury, inscriptions: list[Inscription]) -> bytes:
    """One sheet per dossier, each on its own page, in one PDF."""
    # WeasyPrint needs the Pango library of the system: only who prints must have it, not every page of the site.
    from registre.documents import rendu

    signataires = [p.qualite.capitalize() for p in places_de(session, None)] or ["La présidence", "La vice-présidence"]
    contexte = {
        "fige_le": timezone.localtime().isoformat(timespec="seconds"),
        "session": session,
        "feuilles": [{**_feuille(i), "signataires": signataires} for i in inscriptions],
    }
    page = render_to_string("documents/feuille_decision.html", contexte)
    cles = " ".join(str(i.pk) for i in inscriptions)
    return rendu.produire(page, "jury.css", {}, f"feuilles {session.pk} {cles}", pages_maximum=None)


def _feuille(inscription: Inscription) -> dict:
    candidature, lecture = inscription.candidature, Lecture(inscription.candidature)
    decisions = {d.bloc_id: d for d in inscription.decisions.all()}
    return {
        "reference": candidature.reference,
        "candidat": candidature.titulaire.nom_complet,
        "certification": phrases.typographie(candidature.version.intitule),
        "option": candidature.option.libelle if candidature.option else "",
        "etablissement": candidature.etablissement.raison_sociale,
        "repris": [
            {"code": c.bloc.code, "validite": c.validite}
            for c in candidature.blocs_repris()
            if c.est_valide(inscription.session.tenue_le)
        ],
        "blocs": [
            _bloc(bloc, EVALUE[lecture.acquis(bloc)], decisions.get(bloc.pk)) for bloc in candidature.blocs_a_evaluer()
        ],
        "issues": [{"libelle": nom, "cochee": inscription.issue == v} for v, nom in Inscription.Issue.choices],
        "motif": inscription.motif,
        "recommandations": inscription.recommandations,
    }


def _bloc(bloc, evaluation: str, decision) -> dict:
    ecrit = {"code": bloc.code, "libelle": phrases.typographie(bloc.libelle), "evaluation": evaluation}
    if decision is None:
        return {**ecrit, "acquis": None, "motif": "", "pour": "", "contre": "", "abstentions": ""}
    comptes = {
        c: "" if getattr(decision, c) is None else getattr(decision, c) for c in ("pour", "contre", "abstentions")
    }
    return {**ecrit, "acquis": decision.acquis, "motif": decision.motif, **{c: str(n) for c, n in comptes.items()}}
