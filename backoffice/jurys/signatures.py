"""Who signs the minutes: the chair and the vice-chair, or for the absent one a present member of the same collège."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from registre.canonique import empreinte

from .models import College, MembreJury, ProcesVerbal, SessionJury, SignaturePV

Fonction = MembreJury.Fonction
QUALITES = {Fonction.PRESIDENT: "la présidence", Fonction.VICE_PRESIDENT: "la vice-présidence"}


@dataclass(frozen=True)
class Place:
    """One of the signatures that the minutes wait for: of whom, on whose behalf, and the signature once given."""

    fonction: str
    membres: list[MembreJury]
    remplacement: bool
    college: str
    signature: SignaturePV | None = field(default=None)

    @property
    def qualite(self) -> str:
        return QUALITES[self.fonction]

    @property
    def personnes(self) -> set[int]:
        return {m.utilisateur_id for m in self.membres}

    @property
    def qui(self) -> str:
        """Who may sign here, for a sentence."""
        if not self.remplacement:
            return f"{self.membres[0].utilisateur} ({self.qualite})"
        return f"un membre présent du {College(self.college).label}, pour {self.qualite}"


def places_de(session: SessionJury, pv: ProcesVerbal | None) -> list[Place]:
    """The signatures expected, each with the one already given on this text.

    Who sat signs; the place of a chair or vice-chair who was absent, or whose account was closed since, falls to the
    present members of the same collège. A place that nobody present can take is not expected.
    """
    membres = list(session.membres.select_related("utilisateur").order_by("pk"))
    par_fonction = {m.fonction: m for m in membres if m.fonction != Fonction.MEMBRE}
    tenues = [m for m in par_fonction.values() if _peut_signer(m)]
    donnees = {s.membre_id: s for s in pv.signatures.all()} if pv else {}
    places, prises = [], set()
    for fonction in QUALITES:
        titulaire = par_fonction.get(fonction)
        if titulaire in tenues:
            places.append(Place(fonction, [titulaire], False, titulaire.college, donnees.get(titulaire.pk)))
            continue
        college = _college(fonction, par_fonction)
        pour = [m for m in membres if m not in tenues and m.college == college and _peut_signer(m)]
        pour = [m for m in pour if m.pk not in prises]
        if pour:
            signature = next((donnees[m.pk] for m in pour if m.pk in donnees), None)
            prises.update({signature.membre_id} if signature else ())
            places.append(Place(fonction, pour, True, college, signature))
    return places


def manques_de_signature(session: SessionJury, pv: ProcesVerbal, acteur, donnees: dict) -> Iterator[str]:
    """What prevents this person from signing this text; `donnees["empreinte"]` is that of the text they read."""
    places = places_de(session, pv)
    sienne = next((p for p in places if acteur.pk in p.personnes), None)
    if sienne is None:
        yield f"Ce procès-verbal se signe par {' et '.join(p.qui for p in places)}."
    elif sienne.signature:
        yield f"La signature de {sienne.qualite} est déjà donnée."
    if donnees and donnees.get("empreinte") != pv.empreinte:
        yield "Le texte n’est plus celui que vous avez lu\u202f: relisez-le, puis signez."
    if empreinte(pv.contenu, pv.contenu["format"]) != pv.empreinte:
        yield "Le texte ne correspond plus à son empreinte\u202f: la présidence rouvre la séance, puis la clôt."


def _peut_signer(membre: MembreJury) -> bool:
    return membre.present_le is not None and membre.utilisateur.is_active


def _college(fonction: str, par_fonction: dict[str, MembreJury]) -> str:
    """The collège of a place: that of who was named to it, else the other one than that of the place beside it."""
    if fonction in par_fonction:
        return par_fonction[fonction].college
    voisine = next(iter(par_fonction.values()), None)
    if voisine is None:
        return College.EMPLOYEURS if fonction == Fonction.PRESIDENT else College.SALARIES
    return College.SALARIES if voisine.college == College.EMPLOYEURS else College.EMPLOYEURS
