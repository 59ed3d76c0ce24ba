"""Adapting the text of a mail to a body, and giving ours back: versions are kept, changes are in the journal."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from registre import journal
from registre.models import Organisme
from registre.transitions import Refus

from .catalogue import COURRIELS, Courriel, fautes
from .models import TexteCourriel

# Who adapts, each for their own bodies: the certificateur, and the porteur whose text comes first.
ROLES = ("certificateur", "gestionnaire")


def organismes_de(acteur) -> list[Organisme]:
    """The bodies whose texts this person may adapt."""
    return list(Organisme.objects.filter(pk__in=acteur.organismes_ids(*ROLES)).order_by("raison_sociale", "pk"))


@dataclass(frozen=True)
class Atelier:
    """One mail as one body writes it."""

    courriel: Courriel
    organisme: Organisme

    def versions(self) -> list[TexteCourriel]:
        """All that this body wrote, latest first."""
        siennes = TexteCourriel.objects.filter(modele=self.courriel.code, organisme=self.organisme)
        return list(siennes.select_related("ecrit_par").order_by("-numero"))

    def en_vigueur(self) -> tuple[str, str]:
        """Subject and body that leave today in the name of this body."""
        texte = next((v for v in self.versions() if v.retire_le is None), None)
        return (texte.sujet, texte.corps) if texte else self.courriel.notre_texte()

    def ecrire(self, acteur, sujet: str, corps: str, cle: str = "") -> TexteCourriel:
        """Put this text in force; the one before it is kept.

        Raises:
            Refus: not one of this person's bodies, a variable that is not offered, one that may not be missing.
        """
        role = self._role(acteur)
        sujet, corps = sujet.strip(), corps.replace("\r\n", "\n").strip() + "\n"
        if trouvees := fautes(self.courriel, sujet, corps):
            raise Refus(*(phrase for _, phrase in trouvees))
        with transaction.atomic():
            # The body's row is the lock: two persons who write at once make two versions, one after the other.
            Organisme.objects.select_for_update().get(pk=self.organisme.pk)
            if cle and (deja := journal.deja_cree(cle, "adapter_courriel", TexteCourriel())):
                return deja
            if (sujet, corps) == self.en_vigueur():
                raise Refus("Ce texte est déjà celui qui part\u00a0: rien n’a changé.")
            self._retirer()
            derniere = self.versions()[:1]
            texte = TexteCourriel.objects.create(
                modele=self.courriel.code,
                organisme=self.organisme,
                numero=derniere[0].numero + 1 if derniere else 1,
                sujet=sujet,
                corps=corps,
                ecrit_par=acteur,
                ecrit_le=timezone.now(),
            )
            details = {"courriel": self.courriel.code, "organisme": self.organisme.pk, "version": texte.numero}
            journal.consigner(acteur, role, "adapter_courriel", texte, details=details, cle=cle)
        return texte

    def retablir(self, acteur, cle: str = "") -> None:
        """Give our text back to this body; what it wrote is kept. Doing it twice changes nothing.

        Raises:
            Refus: not one of this person's bodies.
        """
        role = self._role(acteur)
        with transaction.atomic():
            Organisme.objects.select_for_update().get(pk=self.organisme.pk)
            texte = TexteCourriel.objects.filter(modele=self.courriel.code, organisme=self.organisme, retire_le=None)
            if texte := texte.first():
                self._retirer()
                details = {"courriel": self.courriel.code, "organisme": self.organisme.pk, "version": texte.numero}
                journal.consigner(acteur, role, "retablir_courriel", texte, details=details, cle=cle)

    def _retirer(self) -> None:
        en_vigueur = TexteCourriel.objects.filter(modele=self.courriel.code, organisme=self.organisme, retire_le=None)
        en_vigueur.update(retire_le=timezone.now())

    def _role(self, acteur) -> str:
        for role in ROLES:
            if self.organisme.pk in acteur.organismes_ids(role):
                return role
        raise Refus("Les textes de cet organisme ne sont pas de votre ressort.")


def liste(organisme: Organisme | None) -> list[dict]:
    """Every mail with when it goes, to whom, and whether this body has its own text; by family."""
    textes = TexteCourriel.objects.filter(organisme=organisme, retire_le=None) if organisme else []
    adaptes = {t.modele for t in textes}
    familles: dict[str, list] = {}
    for declare in COURRIELS.values():
        familles.setdefault(declare.famille, []).append({"courriel": declare, "adapte": declare.code in adaptes})
    return [{"nom": nom, "lignes": lignes} for nom, lignes in familles.items()]
