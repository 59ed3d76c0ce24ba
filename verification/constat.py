"""What a check establishes: integrity, status and issuer, each on its own.

The signature is read first: what it refuses costs no query. The register is then opened once, by the random
identifier that the token carries, and what it holds must be what was signed.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from hmac import compare_digest

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from registre import cles, jetons
from registre.documents import phrases
from registre.models import Feuille, Parchemin, PointDeControle

# In the place of the identifier, in the query kept: no identifier looks like it.
_REPERE = "identifiant cherché"


class Statut(StrEnum):
    """The answer, in one word; each has its own text on the page."""

    VALIDE = "valide"
    EXPIRE = "expire"
    ANNULE = "annule"
    REMPLACE = "remplace"
    CLE_REVOQUEE = "cle_revoquee"
    INCONNU = "inconnu"
    ALTERE = "altere"


@dataclass(frozen=True)
class Constat:
    """The result of a check. `jeton` is None when nothing was read, `parchemin` when nothing may be shown."""

    statut: Statut
    jeton: jetons.Jeton | None = None
    parchemin: Parchemin | None = None
    motif: jetons.Defaut | None = None
    registre_concorde: bool = True

    @property
    def signature_bonne(self) -> bool:
        return self.jeton is not None


def lire_jeton(texte: str) -> Constat | jetons.Jeton:
    """Return the token, or what can be said without it. Touches no database."""
    try:
        return jetons.lire(texte)
    except jetons.JetonInvalide as refus:
        return Constat(Statut.ALTERE, motif=refus.motif)


def a_verifier() -> QuerySet:
    """The documents with all that a check needs to know of them, the public log included: one query."""
    emission = Feuille.objects.filter(parchemin=OuterRef("pk"), evenement=Feuille.Evenement.EMISSION)
    return Parchemin.objects.only("nature", "enregistrement", "kid", "annule_le", "remplace_par_id").annotate(
        rang_au_journal=Subquery(emission.values("rang")[:1]),
        journal_publie=Subquery(PointDeControle.objects.order_by("-taille").values("taille")[:1]),
    )


@cache
def _requete() -> tuple[str, tuple]:
    """The query of `a_verifier` for one identifier, written once: writing it took longer than answering it."""
    return a_verifier().filter(identifiant=_REPERE).order_by().query.sql_with_params()


def _par_identifiant(identifiant: str) -> Parchemin | None:
    sql, parametres = _requete()
    parametres = [identifiant if parametre == _REPERE else parametre for parametre in parametres]
    return next(iter(Parchemin.objects.raw(sql, parametres)), None)


def constater(jeton: jetons.Jeton) -> Constat:
    """Confront a signed token with the register, in one query."""
    parchemin = _par_identifiant(jeton.identifiant)
    if parchemin is None:
        inconnu = Statut.INCONNU if _cle_vaut(jeton.kid, None) else Statut.CLE_REVOQUEE
        return Constat(inconnu, jeton)
    if not jeton.concorde_avec(parchemin.enregistrement):
        return Constat(Statut.ALTERE, jeton, registre_concorde=False)
    statut = statut_de(parchemin, jeton.kid)
    # Whoever stole the key may have written this code: the page then names nobody.
    return Constat(statut, jeton, None if statut is Statut.CLE_REVOQUEE else parchemin)


def _cle_vaut(kid: int, rang: int | None) -> bool:
    cle = cles.publiques().get(kid)
    return cle is not None and cle.vaut_pour(rang)


def statut_de(parchemin: Parchemin, kid: int) -> Statut:
    """Return the status, today, of a document read by `a_verifier` whose code was signed by the key `kid`."""
    if parchemin.remplace_par_id:
        return Statut.REMPLACE
    if parchemin.annule_le:
        return Statut.ANNULE
    if not _cle_vaut(kid, parchemin.rang_au_journal):
        return Statut.CLE_REVOQUEE
    if parchemin.est_partiel and _blocs_perimes(parchemin.enregistrement):
        return Statut.EXPIRE
    return Statut.VALIDE


def concorde(numero: str, nom_naissance: str) -> Parchemin | None:
    """Return the document in force that bears this number and this birth name; None says nothing more.

    An unknown number, another name and a cancelled document take the same path: one query, one comparison.
    """
    parchemin = a_verifier().filter(numero=numero.strip().upper()).first()
    attendu = jetons.forme_lue(parchemin.enregistrement["titulaire"]["nom_naissance"] if parchemin else "")
    donne = jetons.forme_lue(nom_naissance)
    meme_nom = compare_digest(attendu.encode(), donne.encode())
    en_vigueur = bool(attendu) and parchemin is not None and statut_de(parchemin, parchemin.kid) is Statut.VALIDE
    return parchemin if meme_nom and en_vigueur else None


def a_montrer(parchemin: Parchemin) -> list[dict]:
    """Return what the page may say of a document: what its paper says, less birth, jury and access.

    `docs/decisions/0002-jeton-signe.md` gives the list and its reasons.
    """
    fiche = parchemin.enregistrement
    certification = fiche["certification"]
    intitule = phrases.typographie(certification["intitule"])
    faits = {
        "Document": parchemin.get_nature_display().capitalize(),
        "Titulaire": phrases.noms(fiche["titulaire"]),
        "Nom d’usage": phrases.nom_usage(fiche["titulaire"]),
        "Certification visée" if parchemin.est_partiel else phrases.titre(certification): intitule,
        "Option": phrases.typographie(certification["option"]),
        "Fiche": certification["numero_fiche"],
        "Délivré par": ", ".join(phrases.certificateur(c) for c in fiche["certificateurs"]),
        "Délivré le": phrases.date_francaise(fiche["delivre_le"]),
        "Numéro": fiche["numero"],
    }
    return [{"libelle": libelle, "valeur": valeur} for libelle, valeur in faits.items() if valeur]


def inscription_au_journal(parchemin: Parchemin) -> dict | None:
    """Return where the public log names this document, and whether that can be proved yet; None when it does not."""
    rang, publie = parchemin.rang_au_journal, parchemin.journal_publie or 0
    return None if rang is None else {"rang": rang, "prouvable": rang < publie}


def blocs_acquis(parchemin: Parchemin) -> list[dict]:
    """Return the blocs that a document of blocs certifies, with the validity its paper says; none for a parchemin."""
    if not parchemin.est_partiel:
        return []
    return [
        {
            "code": bloc["code"],
            "libelle": phrases.typographie(bloc["libelle"]),
            "valide_jusqu_au": date.fromisoformat(bloc["valide_jusqu_au"]) if bloc["valide_jusqu_au"] else None,
        }
        for bloc in parchemin.enregistrement["blocs"]
        if bloc["acquis"]
    ]


def _blocs_perimes(enregistrement: dict) -> bool:
    """Are all acquired blocs of an attestation past their validity?"""
    limites = [bloc["valide_jusqu_au"] for bloc in enregistrement["blocs"] if bloc["acquis"]]
    aujourd_hui = timezone.localdate().isoformat()
    return bool(limites) and all(limite and limite < aujourd_hui for limite in limites)
