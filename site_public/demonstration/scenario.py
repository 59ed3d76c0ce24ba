"""What happens in the demonstration, and when: three hundred dossiers, ten sessions, two lots, in the order of time.

Every act is planned first, then all are carried out from the oldest to the newest: numbers, journal and mails come in
the order in which they would have come. The plan depends on the seed and on the day only.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from backoffice.comptes.models import Utilisateur
from backoffice.jurys.models import Inscription
from backoffice.parcours.models import ModaliteAcces
from registre.models import Organisme, VersionCertification

from . import accrochage, remises
from .atelier import Atelier
from .certifications import Registre
from .distribution import Groupe, SeancePrevue, repartir
from .dossiers import Dossier, document_d_exemple
from .inventions import Personne, personnes
from .jurys import Seance
from .personnes import candidat_du_compte
from .regles import A_DEUX_EVALUATEURS, HABILITATION_EXPIREE, renouveler

# Each act and how long after the one before it comes, in days: at least, at most.
CHEMIN = (
    ("ouvrir", 0, 0),
    ("joindre", 0.01, 0.2),
    ("deposer", 0.02, 3),
    ("recevoir", 1, 6),
    ("positionner", 0.3, 2),
    ("confirmer", 0.5, 3),
    ("inviter", 0.2, 2),
    ("repondre", 1, 7),
    ("saisir", 1, 6),
    ("guider", 0.01, 0.1),
    ("clore", 0.02, 0.3),
    ("transmettre", 0.02, 0.5),
    ("inscrire", 0.5, 3),
)
# Acts that leave the path: after which act of the path they come.
SORTIES = {
    "annuler": "ouvrir",
    "completer": "deposer",
    "refuser": "deposer",
    "abandonner": "recevoir",
}
MODALITES = (
    (ModaliteAcces.FC_HORS_CONTRAT, 6, ""),
    (ModaliteAcces.FC_CONTRAT_PRO, 3, "CQ"),
    (ModaliteAcces.VAE, 2, "VAE"),
)
# Nobody evaluates whom their own body has trained: each with the bodies that trained those they may evaluate.
EVALUATEURS = {
    "evaluateur@example.org": ("formateur 1", "formateur 2"),
    "evaluatrice@example.org": ("formateur 0", "formateur 2"),
}
# The rules of today replaced those of the first year then: the dossiers opened since follow them.
RENOUVELLEMENT = timedelta(days=60)

# The furthest session of the plan must still fall within the registration.
HORIZON = timedelta(days=60)


class ExemplesEchus(Exception):
    """The true registrations that the demonstration relies on have ended; the message is a sentence for the person."""


@dataclass
class Monde:
    """Everything a plan draws from."""

    registre: Registre
    comptes: dict[str, Utilisateur]
    organismes: dict[str, Organisme]
    employeurs: dict[str, Utilisateur]
    membres: list[tuple[Utilisateur, str, str]]
    atelier: Atelier
    graine: int
    maintenant: datetime
    actes: list[tuple[datetime, int, Callable]] = field(default_factory=list)

    def __post_init__(self):
        self.hasard = random.Random(f"scenario-{self.graine}")
        self.pieces = {
            "experience": document_d_exemple("Justificatif d’expérience"),
            "guide": document_d_exemple("Guide d’évaluation signé"),
        }
        jour = timezone.localdate(self.maintenant)
        self._versions = {slug: c.version_actuelle(jour) for slug, c in self.registre.certifications.items()}
        self._gens = personnes(self.graine)
        self._en_reserve: list[Personne] = []
        self.partiels = 0

    def prevoir(self, instant: datetime, acte: Callable, *arguments) -> None:
        """Note an act for later; two acts of one instant keep the order in which they were noted."""
        self.actes.append((instant, len(self.actes), partial(acte, *arguments)))

    def derouler(self, regler_l_heure: Callable[[datetime], None]) -> int:
        """Carry out every act in the order of time; return how many."""
        for instant, _, acte in sorted(self.actes, key=lambda a: a[:2]):
            regler_l_heure(instant)
            acte()
        return len(self.actes)

    def viser(self, ou: tuple) -> tuple[VersionCertification, tuple[str, ...]]:
        """One of these certifications that is still awarded, with its workplaces: true registrations come to an end."""
        horizon = timezone.localdate(self.maintenant + HORIZON)
        ouvertes = [(v, cles) for slug, cles in ou if (v := self._versions[slug]).est_delivrable(horizon)]
        if not ouvertes:
            raise ExemplesEchus(
                "Les enregistrements cités en exemple sont échus\u202f: rafraîchissez-les avec "
                "la commande importer_france_competences, ou corrigez leurs dates dans les données de démonstration."
            )
        return self.hasard.choice(ouvertes)

    def personne(self, but: str) -> Personne:
        """The next person. One who only knows the year of birth never gets past the draft: the deposit would refuse."""
        if but == "ouvrir" and self._en_reserve:
            return self._en_reserve.pop()
        while (suivante := next(self._gens)).jour_naissance is None:
            if but == "ouvrir":
                return suivante
            self._en_reserve.append(suivante)
        return suivante


def ecrire(monde: Monde, part: float = 1) -> None:
    """Plan every act of the demonstration, or of a fraction of its dossiers."""
    seances, en_cours = repartir(part)
    monde.prevoir(monde.maintenant - RENOUVELLEMENT, renouveler, monde.registre, monde.comptes)
    for prevue in seances:
        _prevoir_seance(monde, prevue)
    for groupe in en_cours:
        for _ in range(groupe.nombre):
            dossier = _dossier(monde, groupe)
            fin = monde.maintenant - timedelta(days=monde.hasard.uniform(0.05, groupe.anciennete))
            _prevoir_dossier(monde, dossier, fin)
    accrochage.prevoir(monde)
    remises.prevoir(monde)


def _dossier(monde: Monde, groupe: Groupe, personne: Personne | None = None) -> Dossier:
    hasard, comptes = monde.hasard, monde.comptes
    version, cles = monde.viser(groupe.ou)
    certification, cle = version.certification, hasard.choice(cles)
    voies = set(version.voies.values_list("voie", flat=True))
    ouvertes = [(m, poids) for m, poids, voie in MODALITES if not voie or voie in voies]
    gestionnaire = next(c for c in comptes.values() if certification.porteur_id in c.organismes_ids("gestionnaire"))
    evaluateur, formateurs = hasard.choice(tuple(EVALUATEURS.items()))
    if certification.slug == HABILITATION_EXPIREE or certification.slug in A_DEUX_EVALUATEURS:
        evaluateur, formateurs = "evaluateur@example.org", ("formateur 2",)
    options = list(version.options.all())
    return Dossier(
        personne=personne or monde.personne(groupe.but),
        version=version,
        option=hasard.choice(options) if options else None,
        etablissement=monde.organismes[cle],
        employeur=monde.employeurs[cle],
        gestionnaire=gestionnaire,
        evaluateur=comptes[evaluateur],
        second=next(comptes[autre] for autre in EVALUATEURS if autre != evaluateur),
        formateur=monde.organismes[hasard.choice(formateurs)] if hasard.random() < 0.7 else None,
        modalite=hasard.choices([m for m, _ in ouvertes], [p for _, p in ouvertes])[0],
        pieces=monde.pieces,
        hasard=random.Random(hasard.random()),
        but=groupe.but,
        lacunes=groupe.lacunes,
        issue=groupe.issue,
    )


def _prevoir_dossier(monde: Monde, dossier: Dossier, fin: datetime, inscription: Callable | None = None) -> None:
    """Plan the acts up to the goal, the last one at `fin`, the others before it at a natural pace."""
    noms = [nom for nom, _, _ in CHEMIN]
    dernier = SORTIES.get(dossier.but, dossier.but)
    etapes = list(CHEMIN[: noms.index(dernier) + 1])
    if dossier.but in SORTIES:
        etapes.append((dossier.but, 1, 5))
    ecarts = [monde.hasard.uniform(au_moins, au_plus) for _, au_moins, au_plus in etapes]
    instant = fin - timedelta(days=sum(ecarts))
    for (nom, _, _), ecart in zip(etapes, ecarts, strict=True):
        instant += timedelta(days=ecart)
        monde.prevoir(instant, inscription if nom == "inscrire" else getattr(dossier, nom))


def _a_neuf_heures(instant: datetime) -> datetime:
    """Nine o'clock of that day, or of the Friday before a week-end."""
    jour = timezone.localtime(instant).replace(hour=9, minute=0, second=0, microsecond=0)
    return jour - timedelta(days=max(0, jour.weekday() - 4))


def _prevoir_seance(monde: Monde, prevue: SeancePrevue) -> None:
    comptes = monde.comptes
    debut = _a_neuf_heures(monde.maintenant + timedelta(days=prevue.jours))
    if prevue.jours == 0:
        # Under way at the very moment one opens the demonstration.
        debut = monde.maintenant - timedelta(hours=2)
    seance = Seance(
        certificateur=monde.registre.organismes[prevue.certificateur],
        certifications=[monde.registre.certifications[slug] for slug in prevue.certifications],
        debut=debut,
        lieu=prevue.lieu,
        membres=monde.membres,
        organisateur=comptes["certificateur@example.org"],
        instance=prevue.instance,
        president_salarie=prevue.president_salarie,
    )
    prevue_le = min(debut - timedelta(days=75), monde.maintenant - timedelta(days=30))
    monde.prevoir(prevue_le, seance.planifier)
    for groupe in prevue.groupes:
        for _ in range(groupe.nombre):
            personne = candidat_du_compte() if prevue.avec_le_candidat and not seance.dossiers else None
            dossier = _dossier(monde, groupe, personne)
            seance.dossiers.append(dossier)
            cloture = min(debut - timedelta(days=16), monde.maintenant)
            fin = cloture - timedelta(days=monde.hasard.uniform(0.2, 12))
            _prevoir_dossier(monde, dossier, fin, partial(_inscrire, dossier, seance))
    if prevue.rattrapages:
        for dossier in [d for d in seance.dossiers if d.lacunes == "un_bloc"][: prevue.rattrapages]:
            dossier.rattrapage = True
    _prevoir_suite(monde, prevue, seance)


def _inscrire(dossier: Dossier, seance: Seance) -> None:
    dossier.inscrire(seance.session)


def _presenter(dossier: Dossier, seance: Seance) -> None:
    dossier.presenter(seance.session)


def _prevoir_suite(monde: Monde, prevue: SeancePrevue, seance: Seance) -> None:
    """The day of the jury, then what follows from it."""
    if prevue.jours > 0:
        return
    monde.prevoir(seance.debut, seance.ouvrir)
    entendus = seance.dossiers[: prevue.entendus] if prevue.entendus else seance.dossiers
    for rang, dossier in enumerate(entendus):
        monde.prevoir(seance.debut + timedelta(minutes=10 + 6 * rang), dossier.deliberer, seance.presidence)
    if prevue.entendus:
        return
    monde.prevoir(seance.debut + timedelta(hours=6), seance.sceller)
    if prevue.vers_la_cpne:
        _prevoir_cpne(monde, prevue, seance)
        return
    _prevoir_delivrances(monde, seance.dossiers, seance.debut, prevue)


def _prevoir_cpne(monde: Monde, prevue: SeancePrevue, premiere: Seance) -> None:
    """The second jury hears what the first proposed, but for the last dossiers, which still wait to be presented."""
    suite = prevue.vers_la_cpne
    seconde = Seance(
        certificateur=premiere.certificateur,
        certifications=premiere.certifications,
        debut=_a_neuf_heures(monde.maintenant + timedelta(days=suite.jours)),
        lieu=suite.lieu,
        membres=premiere.membres,
        organisateur=premiere.organisateur,
        instance=suite.instance,
        president_salarie=suite.president_salarie,
        dossiers=premiere.dossiers[: -suite.laisses],
    )
    monde.prevoir(premiere.debut - timedelta(days=10), seconde.planifier)
    for rang, dossier in enumerate(seconde.dossiers):
        monde.prevoir(premiere.debut + timedelta(days=2, minutes=9 * rang), _presenter, dossier, seconde)
    _prevoir_suite(monde, suite, seconde)


def _prevoir_delivrances(monde: Monde, dossiers: list[Dossier], debut: datetime, prevue: SeancePrevue) -> None:
    """Prepared by one, approved by another; the last dossiers may still wait for the one or for the other."""
    comptes = monde.comptes
    a_delivrer = [d for d in dossiers if d.issue == Inscription.Issue.DECIDEE and d.lacunes != "tous"]
    prets = max(0, len(a_delivrer) - prevue.a_approuver - prevue.a_preparer)
    for rang, dossier in enumerate(a_delivrer[: prets + prevue.a_approuver]):
        prepare = debut + timedelta(days=monde.hasard.uniform(2, 8))
        monde.prevoir(prepare, dossier.preparer, comptes["certificateur@example.org"])
        if rang < prets:
            approuve = prepare + timedelta(days=monde.hasard.uniform(0.1, 3))
            monde.prevoir(approuve, dossier.approuver, comptes["signataire@example.org"], monde.atelier)
            _prevoir_les_blocs(monde, dossier, approuve)


def _prevoir_les_blocs(monde: Monde, dossier: Dossier, delivre: datetime) -> None:
    """Of the partial successes, one in two has the attestation of its blocs prepared, one in four approved."""
    if dossier.lacunes != "un_bloc" or delivre + timedelta(days=2) > monde.maintenant:
        return
    monde.partiels += 1
    if monde.partiels % 2:
        certificateur = monde.comptes["certificateur@example.org"]
        monde.prevoir(delivre + timedelta(days=1), dossier.preparer_les_blocs, certificateur)
    if monde.partiels % 4 == 1:
        signataire = monde.comptes["signataire@example.org"]
        monde.prevoir(delivre + timedelta(days=1.5), dossier.approuver_les_blocs, signataire, monde.atelier)
