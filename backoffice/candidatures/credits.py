"""Blocs already acquired: where the registry finds them, and when one may be credited to a dossier.

Each dossier types its person anew: the same person is found by name and full birth date, and somebody confirms it.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format

from backoffice.parcours.models import Equivalence
from backoffice.parcours.validite import fin_de_validite
from registre.models import Bloc, Parchemin, Titulaire
from registre.textes import plier

from .calendrier import jour_du_jury
from .models import Candidature, Etat
from .models_instruction import BlocAcquis

Origine = BlocAcquis.Origine


@dataclass(frozen=True)
class Source:
    """One bloc that the registry says acquired by this person, and the bloc of the dossier it is worth."""

    bloc: Bloc
    acquis: Bloc
    equivalence: Equivalence | None
    origine: str
    acquis_le: date
    valide_jusqu_au: date | None
    parchemin: Parchemin | None = None
    decision: Candidature | None = None

    @property
    def cle(self) -> str:
        """What a form sends back: origin, its id, the bloc credited."""
        source = self.parchemin or self.decision
        return f"{self.origine}-{source.pk}-{self.acquis.pk}-{self.bloc.pk}"

    @property
    def libelle(self) -> str:
        """One line for the person who confirms."""
        titulaire = (self.parchemin or self.decision).titulaire
        credit = self.credit()
        equivalence = f", par équivalence avec {self.acquis.code}" if self.equivalence else ""
        fin = "valable" if credit.valide_jusqu_au else "acquis"
        return (
            f"{self.bloc.code} – {self.bloc.libelle}{equivalence}\u00a0: {credit.provenance}, {titulaire.nom_complet}, "
            f"acquis le {date_format(self.acquis_le, 'j F Y')}, {fin} {credit.validite}"
        )

    def credit(self, candidature=None) -> BlocAcquis:
        """The unsaved credit that this source gives."""
        return BlocAcquis(
            candidature=candidature,
            bloc=self.bloc,
            acquis=self.acquis,
            equivalence=self.equivalence,
            origine=self.origine,
            acquis_le=self.acquis_le,
            valide_jusqu_au=self.valide_jusqu_au,
            parchemin=self.parchemin,
            decision=self.decision,
        )


def memes_personnes(titulaire: Titulaire) -> list[int]:
    """Ids of the rows that seem to be this person: same folded names, same full birth date."""
    naissance = (titulaire.annee_naissance, titulaire.mois_naissance, titulaire.jour_naissance)
    if not all(naissance):
        return [titulaire.pk]
    sienne = (plier(titulaire.nom_naissance), plier(titulaire.prenom1))
    proches = Titulaire.objects.filter(
        nom_plie__startswith=sienne[0],
        annee_naissance=naissance[0],
        mois_naissance=naissance[1],
        jour_naissance=naissance[2],
    )
    return [t.pk for t in proches if (plier(t.nom_naissance), plier(t.prenom1)) == sienne]


def equivalences_de(candidature: Candidature) -> dict[int, list[tuple[Bloc, Equivalence | None]]]:
    """Acquired bloc → the blocs of this dossier it is worth: itself, or through a declared equivalence."""
    valeurs: dict[int, list] = defaultdict(list)
    vises = list(candidature.version.blocs.all())
    for bloc in vises:
        valeurs[bloc.pk].append((bloc, None))
    declarees = Equivalence.objects.filter(vise__in=vises).select_related("vise", "acquis__version")
    for equivalence in declarees:
        valeurs[equivalence.acquis_id].append((equivalence.vise, equivalence))
    return valeurs


def sources_au_registre(candidature: Candidature) -> list[Source]:
    """What the registry knows this person to have acquired and this dossier aims at, best validity first.

    Documents alive, then decisions whose document is not issued yet; one source per bloc of each of them.
    """
    valeurs, personnes = equivalences_de(candidature), memes_personnes(candidature.titulaire)
    blocs = Bloc.objects.filter(pk__in=valeurs).select_related("version")
    trouvees = [
        *_des_documents(personnes, {(b.version_id, b.code): b for b in blocs}, valeurs),
        *_des_decisions(candidature, personnes, {b.pk: b for b in blocs}, valeurs),
    ]
    # Each bloc once: that which stays valid longest, the same bloc before an equivalent one.
    trouvees.sort(key=lambda s: (s.equivalence is not None, -(s.valide_jusqu_au or date.max).toordinal()))
    meilleures: dict[int, Source] = {}
    for source in trouvees:
        meilleures.setdefault(source.bloc.pk, source)
    repris = {credit.bloc_id for credit in candidature.blocs_acquis.all()}
    return sorted(
        (s for s in meilleures.values() if s.bloc.pk not in repris), key=lambda s: (s.bloc.ordre, s.bloc.code)
    )


def _des_documents(personnes, blocs, valeurs) -> Iterator[Source]:
    versions = {version for version, _ in blocs}
    documents = Parchemin.objects.vivants().filter(titulaire__in=personnes, version__in=versions)
    for document in documents.select_related("titulaire"):
        for fige in document.enregistrement["blocs"]:
            acquis = blocs.get((document.version_id, fige["code"]))
            if acquis is None or not fige["acquis"]:
                continue
            # Credited in its turn: acquired on its first day, valid as this document says and no longer.
            origine = fige.get("repris", {}).get("acquis_le") or document.enregistrement["jury"]["date"]
            jour, fin = date.fromisoformat(origine), fige["valide_jusqu_au"]
            for bloc, equivalence in valeurs[acquis.pk]:
                yield Source(
                    bloc,
                    acquis,
                    equivalence,
                    Origine.DOCUMENT,
                    jour,
                    date.fromisoformat(fin) if fin else None,
                    parchemin=document,
                )


def _des_decisions(candidature, personnes, blocs, valeurs) -> Iterator[Source]:
    """Sealed decisions without their document yet (rooms above are read through the relations they add)."""
    decides = Candidature.objects.filter(
        titulaire__in=personnes, etat__in=(Etat.VALIDEE, Etat.PARTIELLE), delivrance__parchemin=None
    ).exclude(pk=candidature.pk)
    for dossier in decides.select_related("titulaire", "parcours"):
        seances = dossier.inscriptions.filter(
            retiree_le=None, revoquee_le=None, session__etat="scellee", issue="decidee"
        )
        inscription = seances.select_related("session").order_by("-session__close_le").first()
        if inscription is None:
            continue
        jour, mois = inscription.session.tenue_le, dossier.parcours.validite_blocs_mois
        fin = fin_de_validite(jour, mois) if mois else None
        for decision in inscription.decisions.filter(acquis=True, bloc__in=blocs):
            for bloc, equivalence in valeurs[decision.bloc_id]:
                acquis = blocs[decision.bloc_id]
                yield Source(bloc, acquis, equivalence, Origine.DECISION, jour, fin, decision=dossier)


def empechements(candidature: Candidature, credit: BlocAcquis) -> Iterator[str]:
    """Sentences saying why this bloc may not be credited to this dossier."""
    if credit.bloc.version_id != candidature.version_id:
        yield "Ce bloc n’appartient pas à la certification visée."
        return
    if any(c.bloc_id == credit.bloc_id for c in candidature.blocs_acquis.all()):
        yield f"Le bloc {credit.bloc.code} est déjà repris dans ce dossier."
    if credit.acquis_id != credit.bloc_id and credit.equivalence is None:
        yield (
            f"Aucune équivalence n’est déclarée entre {credit.acquis.code} et {credit.bloc.code}\u00a0: "
            "le certificateur la déclare d’abord dans le parcours."
        )
    if credit.acquis_le > timezone.localdate():
        yield "La date d’acquisition est à venir\u00a0: vérifiez-la."
    yield from _perime(credit, jour_du_jury(candidature))
    if not [b for b in candidature.blocs_a_evaluer() if b.pk != credit.bloc_id]:
        yield "Tous les blocs visés seraient repris\u00a0: gardez-en au moins un à évaluer."


def _perime(credit: BlocAcquis, jury: date | None) -> Iterator[str]:
    fin = credit.valide_jusqu_au
    if fin is None:
        return
    if not credit.est_valide():
        yield f"Le bloc {credit.acquis.code} n’est plus valable depuis le {fin:%d/%m/%Y}\u00a0: il est à évaluer."
    elif jury and not credit.est_valide(jury):
        yield (
            f"Le bloc {credit.acquis.code} est valable jusqu’au {fin:%d/%m/%Y}\u00a0: il ne compterait plus au jury du "
            f"{jury:%d/%m/%Y}, il est à évaluer."
        )


def credits_perimes(candidature: Candidature, jour: date) -> Iterator[str]:
    """Sentences for the blocs credited to this dossier that would no longer count on this day."""
    for credit in candidature.blocs_repris():
        document = credit.parchemin
        if credit.decision_revoquee or (document and document.ne_vaut_plus):
            cause = "décision révoquée" if credit.decision_revoquee else "document annulé"
            yield (
                f"Le bloc {credit.bloc.code}, repris, ne compte plus\u00a0: {credit.provenance}, {cause}. "
                "Demandez au porteur de le faire évaluer."
            )
        elif not credit.est_valide(jour):
            yield (
                f"Le bloc {credit.bloc.code}, repris, n’est valable que {credit.validite}\u00a0: choisissez une "
                "session qui se tient avant, ou demandez au porteur de le faire évaluer de nouveau."
            )


def blocs_credites(candidature: Candidature, jour: date) -> set[int]:
    """The blocs that count as acquired on this day without being evaluated."""
    return {credit.bloc_id for credit in candidature.blocs_acquis.all() if credit.est_valide(jour)}
