"""What a lot takes among what is due: its action, a period of issue, a choice of passages."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

from django.db.models import QuerySet

from registre.models import Parchemin

from .accrochage import Candidat, a_declarer, a_supprimer, adresse_preuve, enregistrement_declare, examiner, paquets
from .instantane import instantane
from .models import Action, PassageCPF


@dataclass(frozen=True)
class Selection:
    """What was asked. Bounds are included; `choisis` None: everything that may go."""

    action: str = Action.CREATION
    du: date | None = None
    au: date | None = None
    avec_refuses: bool = True
    choisis: tuple[int, ...] | None = None

    @classmethod
    def lire(cls, donnees: dict) -> "Selection":
        """The selection that a lot has kept."""
        jours = {nom: donnees.get(nom) and date.fromisoformat(donnees[nom]) for nom in ("du", "au")}
        choisis = donnees.get("choisis")
        return cls(**{**donnees, **jours, "choisis": None if choisis is None else tuple(choisis)})

    def donnees(self) -> dict:
        """The same, as a lot keeps it."""
        jours = {"du": self.du and self.du.isoformat(), "au": self.au and self.au.isoformat()}
        choisis = None if self.choisis is None else list(self.choisis)
        return {**asdict(self), "action": str(self.action), **jours, "choisis": choisis}

    @property
    def rien(self) -> str:
        """What to say when nothing answers to it."""
        if self.action == Action.SUPPRESSION:
            return "Il n’y a rien à supprimer\u00a0: aucun parchemin annulé n’est encore au SI CPF."
        if self.du or self.au or self.choisis is not None:
            return "Aucun parchemin à déclarer ne répond à ce choix."
        return "Il n’y a rien à déclarer\u00a0: chaque parchemin est accepté ou attend sa réponse."

    def parchemins(self, certificateur) -> QuerySet[Parchemin]:
        """The parchemins of this certificateur that answer to it, oldest first."""
        if self.action == Action.SUPPRESSION:
            voulus = a_supprimer(certificateur).filter(connu=True).order_by("delivre_le", "pk")
        else:
            voulus = a_declarer(certificateur, avec_refuses=self.avec_refuses)
        if self.du:
            voulus = voulus.filter(delivre_le__gte=self.du)
        if self.au:
            voulus = voulus.filter(delivre_le__lte=self.au)
        return voulus if self.choisis is None else voulus.filter(pk__in=self.choisis)

    def candidats(self, certificateur) -> Iterator[Candidat]:
        """Each of them with its snapshot and what the checks say."""
        parchemins = self.parchemins(certificateur)
        return _a_retirer(parchemins) if self.action == Action.SUPPRESSION else examiner(parchemins)


def _a_retirer(parchemins: QuerySet[Parchemin]) -> Iterator[Candidat]:
    """What was declared is withdrawn as it was declared; from the frozen record once the snapshot was erased."""
    for cles in paquets(list(parchemins.values_list("pk", flat=True))):
        declares = PassageCPF.objects.filter(
            parchemin__in=cles, action=Action.CREATION, reponse=PassageCPF.Reponse.ACCEPTE
        )
        envoyes = dict(declares.values_list("parchemin", "instantane"))
        for parchemin in parchemins.filter(pk__in=cles):
            passage = envoyes.get(parchemin.pk) or instantane(
                enregistrement_declare(parchemin), parchemin.identifiant, adresse_preuve(parchemin)
            )
            yield Candidat(parchemin, passage, [])
