"""The minutes as people read them: from the frozen content and from nothing else."""

import textwrap
from datetime import date

from registre.canonique import empreinte

from .models import Inscription, MembreJury, ProcesVerbal, SessionJury
from .signatures import places_de


def lire_pv(pv: ProcesVerbal) -> dict:
    """The content with its codes in words, its hash in pieces that a phone can break, and whether they agree."""
    fige = pv.contenu
    return {
        **fige,
        "jour": date.fromisoformat(fige["date"]),
        "instance": SessionJury.Instance(fige["instance"]).label,
        "membres": [
            {
                **m,
                "college": MembreJury.College(m["college"]).label,
                "fonction": MembreJury.Fonction(m["fonction"]).label,
            }
            for m in fige["membres"]
        ],
        "dossiers": [{"motif": "", **d, "issue": Inscription.Issue(d["issue"]).label} for d in fige["dossiers"]],
        "empreinte": textwrap.wrap(pv.empreinte, 8),
        "intact": empreinte(fige, fige["format"]) == pv.empreinte,
        "scelle_le": pv.scelle_le,
        "signatures": signatures_de(pv),
    }


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
