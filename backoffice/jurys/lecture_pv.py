"""The minutes as people read them: from the frozen content and from nothing else."""

import textwrap
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
        "en_fabrication": pv.scelle_le is not None and not pv.sha256,
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
