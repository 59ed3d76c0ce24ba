"""The minutes as people read them: from the frozen content and from nothing else."""

import textwrap
from collections.abc import Iterator
from datetime import date

from registre.canonique import empreinte

from .models import Inscription, MembreJury, ProcesVerbal, SessionJury
from .signatures import places_de

RESULTATS = {
    "validee": "Validé",
    "partielle": "Partiel",
    "non_validee": "Non validé",
    "proposee": "Proposition au jury de certification",
    "ajournee": "À revoir dans une prochaine session",
}
ISSUES = dict(Inscription.Issue.choices)
# What the first format did not hold.
_DOSSIER = {"motif": "", "resultat": "", "certification": "", "voix": None}
_BLOC = {"libelle": "", "rattrapage": False, "vote": None}
_MEMBRE = {"organisation": "", "suppleant": False, "remplace": "", "excuse": False, "arrivee": "", "depart": ""}
_PV = {"certificateur": "", "certifications": (), "ouverte_a": "", "close_a": "", "secretaire": ""}


def lire_pv(pv: ProcesVerbal) -> dict:
    """The content with its codes in words, its hash in pieces that a phone can break, and whether they agree."""
    return {
        **lire_contenu(pv.contenu),
        "empreinte": textwrap.wrap(pv.empreinte, 8),
        "intact": est_intact(pv),
        "scelle_le": pv.scelle_le,
        "signatures": signatures_de(pv),
    }


def lire_rectificatif(pv: ProcesVerbal) -> dict:
    """A correction: what it corrects, how to read it, who signed it."""
    return {
        **pv.contenu,
        "rang": pv.rang,
        "jour": date.fromisoformat(pv.contenu["date"]),
        "jour_du_jury": date.fromisoformat(pv.contenu["rectifie"]["date"]),
        "instance": SessionJury.Instance(pv.contenu["instance"]).label,
        "empreinte": textwrap.wrap(pv.empreinte, 8),
        "intact": est_intact(pv),
        "scelle_le": pv.scelle_le,
        "signatures": signatures_de(pv),
    }


def lire_contenu(fige: dict) -> dict:
    """A frozen content, of whichever format, in words."""
    return {
        **_PV,
        "regles": (),
        "procurations": (),
        **fige,
        "jour": date.fromisoformat(fige["date"]),
        "ouverte_a": _heure(fige.get("ouverte_a", "")),
        "close_a": _heure(fige.get("close_a", "")),
        "instance": SessionJury.Instance(fige["instance"]).label,
        "membres": [_membre(m) for m in fige["membres"]],
        "dossiers": [_dossier(d) for d in fige["dossiers"]],
    }


def _heure(heure: str) -> str:
    return heure.replace(":", "\u00a0h\u00a0")


def _membre(membre: dict) -> dict:
    lu = {**_MEMBRE, **membre}
    college, fonction = MembreJury.College(lu["college"]).label, MembreJury.Fonction(lu["fonction"]).label
    return {**lu, "college": college, "fonction": fonction, "presence": _presence(lu)}


def _presence(membre: dict) -> str:
    if not membre["present"]:
        return "Excusé(e)" if membre["excuse"] else "Absent(e)"
    heures = [("arrivé(e) à", membre["arrivee"]), ("parti(e) à", membre["depart"])]
    dites = ", ".join(f"{mot} {_heure(heure)}" for mot, heure in heures if heure)
    return f"Présent(e), {dites}" if dites else "Présent(e)"


def _dossier(dossier: dict) -> dict:
    lu = {**_DOSSIER, **dossier}
    blocs = [{**_BLOC, **b} for b in lu["blocs"]]
    issue, resultat = ISSUES.get(lu["issue"], "à délibérer"), RESULTATS.get(lu["resultat"], "")
    return {**lu, "blocs": blocs, "issue": issue, "decide": lu["issue"] == "decidee", "resultat_dit": resultat}


def est_intact(pv: ProcesVerbal) -> bool:
    """Is the stored text the one whose hash was signed?"""
    return bool(pv.empreinte) and empreinte(pv.contenu, pv.contenu["format"]) == pv.empreinte


def ecarts(pv: ProcesVerbal) -> Iterator[str]:
    """Where the decisions kept beside sealed minutes are not those that they say; revoked ones stay as they were."""
    dits = {d["reference"]: d for d in pv.contenu["dossiers"]}
    inscriptions = pv.session.inscriptions.filter(retiree_le=None).select_related("candidature")
    for inscription in inscriptions.prefetch_related("decisions__bloc").order_by("pk"):
        reference = inscription.candidature.reference
        dit = dits.pop(reference, None)
        if dit is None:
            yield f"Le dossier {reference} ne figure pas au procès-verbal."
            continue
        decides = {d.bloc.code: d.acquis for d in inscription.decisions.all()}
        if (inscription.issue, decides) != (dit["issue"], {b["code"]: b["acquis"] for b in dit["blocs"]}):
            yield f"La décision gardée sur le dossier {reference} n’est pas celle du procès-verbal."
    for reference in dits:
        yield f"Le dossier {reference} du procès-verbal n’est plus inscrit à la session."


def signatures_de(pv: ProcesVerbal) -> list[dict]:
    """The places to sign, each with who signed it as the minutes name them, when and as what."""
    noms = {m.get("siege"): m["nom"] for m in pv.contenu["membres"]}
    return [
        {
            "place": place,
            "signature": place.signature,
            "nom": place.signature
            and (noms.get(place.signature.membre_id) or place.signature.membre.utilisateur.get_full_name()),
        }
        for place in places_de(pv.session, pv)
    ]
