"""Two lots of the demonstration: one closed, one answered with a refusal, then what is still due."""

from datetime import timedelta
from string import Template
from xml.sax.saxutils import escape

from django.utils import timezone

from cpf.models import LotCPF
from cpf.workflow import MODELE, constituer, integrer_accuse
from registre.models import Organisme
from registre.transitions import executer

from .atelier import Atelier
from .certifications import lire_donnees

# Days from today at which each lot is made, and how many of its passages are refused.
LOTS = ((-215, 2, True), (-38, 1, False))


class LotDeDemonstration:
    """One lot, from its making to the answer, each act through its verb."""

    def __init__(self, certificateur: Organisme, acteur, refus: int):
        self.certificateur, self.acteur, self.refus = certificateur, acteur, refus
        self.lot: LotCPF | None = None

    def constituer(self, atelier: Atelier) -> None:
        """A parchemin goes once its document is there."""
        atelier.livrer()
        self.lot = constituer(self.acteur, self.certificateur)

    def deposer(self) -> None:
        self.lot = executer(MODELE, "declarer_depot", self.lot, self.acteur, {"jour": timezone.localdate()})

    def integrer(self) -> None:
        self.lot = integrer_accuse(self.acteur, self.lot, accuse(self.lot, self.refus), "accuse-de-traitement.xml")

    def clore(self) -> None:
        self.lot = executer(MODELE, "clore", self.lot, self.acteur)


def accuse(lot: LotCPF, refus: int) -> bytes:
    """The answer the Caisse des dépôts could give: the last passages refused, one known already, the rest accepted.

    A lot too short for all of them keeps at least one accepted passage, then its refusals.
    """
    gabarits = {nom: Template(texte) for nom, texte in lire_donnees("phrases")["accuse"].items()}
    identifiants = list(lot.passages.order_by("id_technique").values_list("id_technique", flat=True))
    rendus = min(refus + 1, len(identifiants) - 1)
    acceptes, refuses = identifiants[: len(identifiants) - rendus], identifiants[len(identifiants) - rendus :]
    messages = [gabarits["inconnu"].substitute()] * rendus
    if rendus > refus:
        messages[0] = gabarits["deja"].substitute(id=refuses[0])
    texte = gabarits["rapport"].substitute(
        flux=lot.id_flux,
        traitement=f"{lot.pk:05}",
        fichier=lot.nom_fichier,
        acceptes="".join(gabarits["accepte"].substitute(id=i) for i in acceptes),
        refuses="".join(
            gabarits["refuse"].substitute(id=i, message=escape(m)) for i, m in zip(refuses, messages, strict=True)
        ),
    )
    return texte.encode()


def prevoir(monde) -> None:
    """Plan the lots: made, deposited the next day, answered a week later; the oldest is closed."""
    for jours, refus, clos in LOTS:
        lot = LotDeDemonstration(
            monde.registre.organismes["cpne-btp"], monde.comptes["certificateur@example.org"], refus
        )
        debut = monde.maintenant + timedelta(days=jours)
        monde.prevoir(debut, lot.constituer, monde.atelier)
        monde.prevoir(debut + timedelta(days=1), lot.deposer)
        monde.prevoir(debut + timedelta(days=8), lot.integrer)
        if clos:
            monde.prevoir(debut + timedelta(days=12), lot.clore)
