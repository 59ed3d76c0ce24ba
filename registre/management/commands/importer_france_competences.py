"""Create or refresh versions of certifications from a file of the France compétences open data."""

from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from registre.france_competences import Choix, Fiche, FichierIllisible, date_de_l_export, lire
from registre.models import Certification, VersionCertification
from registre.rafraichissement import TOUT, FicheRefusee, Rapport, rafraichir

LARGEUR = 90


class Command(BaseCommand):
    help = (
        "Crée ou rafraîchit des versions de certifications à partir d’un export de France compétences "
        "(XML V4.1, RNCP ou RS, tel quel ou dans son zip). À blanc par défaut."
    )

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path, help="le fichier XML, ou le zip qui le contient")
        parser.add_argument("--numeros", nargs="+", default=[], metavar="NUMERO", help="RNCP41346 RS6610…")
        parser.add_argument("--certificateur", default="", help="mots du nom d’un certificateur, ou son SIRET")
        parser.add_argument(
            "--titre", default="", help="mots de l’intitulé\u202f; avec --certificateur, les deux valent"
        )
        parser.add_argument(
            "--deja-au-registre", action="store_true", help="toutes les fiches que le registre tient déjà"
        )
        parser.add_argument(
            "--ecraser",
            nargs="+",
            default=[],
            metavar="NUMERO",
            help="fiches dont les corrections faites à la main cèdent la place à celles du fichier",
        )
        parser.add_argument("--famille", metavar="SLUG", help="certification à laquelle rattacher une fiche nouvelle")
        parser.add_argument("--date-export", type=date.fromisoformat, metavar="AAAA-MM-JJ", help="date de l’export")
        parser.add_argument("--reel", action="store_true", help="écrire pour de bon")

    def handle(self, *args, fichier, famille, date_export, reel, **options):
        choix = self._choix(options)
        contexte = {"date_export": date_export or date_de_l_export(fichier.name), "famille": None}
        self.ecraser = {n.upper() for n in options["ecraser"]}
        if famille:
            contexte["famille"] = Certification.objects.filter(slug=famille).first()
            if contexte["famille"] is None:
                raise CommandError(f"Aucune certification ne s’appelle «\u202f{famille}\u202f».")
        try:
            fiches = list(lire(fichier, choix))
        except FichierIllisible as erreur:
            raise CommandError(str(erreur)) from erreur
        echecs = sum(not reussie for reussie in self._traiter(fiches, contexte, reel))
        absents = sorted(choix.numeros - {f.numero for f in fiches}) if not options["deja_au_registre"] else []
        for numero in absents:
            self.stderr.write(f"{numero}\u202f: absent de ce fichier.")
        if not fiches:
            self.stdout.write("Aucune fiche de ce fichier ne correspond.")
        if not reel:
            self.stdout.write("Essai à blanc\u202f: rien n’a été écrit. Ajoutez --reel pour appliquer.")
        if echecs or absents:
            nombre = len(fiches) + len(absents)
            raise CommandError(f"{echecs + len(absents)} fiche(s) sur {nombre} n’ont pas pu être reprises.")

    @staticmethod
    def _choix(options) -> Choix:
        numeros = [n.strip().upper() for n in options["numeros"]]
        if options["deja_au_registre"]:
            numeros += VersionCertification.objects.exclude(numero="").values_list("numero", flat=True)
        choix = Choix(frozenset(numeros), options["certificateur"], options["titre"])
        if not choix:
            raise CommandError("Dites quelles fiches reprendre\u202f: --numeros, --certificateur, --titre.")
        return choix

    def _traiter(self, fiches: list[Fiche], contexte: dict, reel: bool) -> list[bool]:
        """One transaction per fiche. A dry run does the very same work, then takes everything back."""
        if reel:
            return [self._une(fiche, contexte) for fiche in fiches]
        with transaction.atomic():
            resultats = [self._une(fiche, contexte) for fiche in fiches]
            transaction.set_rollback(True)
        return resultats

    def _une(self, fiche: Fiche, contexte: dict) -> bool:
        try:
            with transaction.atomic():
                ecraser = (TOUT,) if fiche.numero in self.ecraser else ()
                rapport = rafraichir(fiche, ecraser=ecraser, **contexte)
        except FicheRefusee as refus:
            for phrase in refus.phrases:
                self.stderr.write(f"{fiche.numero}\u202f: {phrase}")
            return False
        self._imprimer(rapport)
        return True

    def _imprimer(self, rapport: Rapport) -> None:
        etat = "nouvelle version" if rapport.creation else f"{len(rapport.ecarts)} différence(s)"
        if not rapport.ecarts:
            etat = "rien à changer"
        self.stdout.write(self.style.MIGRATE_HEADING(f"{rapport.numero} – {rapport.intitule}\u202f: {etat}"))
        for ecart in rapport.ecarts:
            self.stdout.write(f"  {ecart.champ}\u202f: {_court(ecart.avant)} → {_court(ecart.apres)}")
        for garde in rapport.gardes:
            texte = f"  gardé (corrigé à la main)\u202f: {garde.champ}\u202f: {_court(garde.avant)}"
            self.stdout.write(self.style.WARNING(f"{texte}\u202f; la fiche dit\u00a0: {_court(garde.apres)}"))
        for avertissement in rapport.avertissements:
            self.stdout.write(self.style.WARNING(f"  à voir\u202f: {avertissement}"))


def _court(texte: str) -> str:
    plat = " ".join(texte.split())
    return plat if len(plat) <= LARGEUR else f"{plat[:LARGEUR].rstrip()}…"
