"""Create or refresh versions of certifications from a file of the France compétences open data."""

import re
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from registre.france_competences import Fiche, FichierIllisible, lire
from registre.models import Certification
from registre.rafraichissement import FicheRefusee, Rapport, rafraichir

LARGEUR = 90


class Command(BaseCommand):
    help = (
        "Crée ou rafraîchit des versions de certifications à partir d’un export de France compétences "
        "(XML V4.1, RNCP ou RS, tel quel ou dans son zip). À blanc par défaut."
    )

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path, help="le fichier XML, ou le zip qui le contient")
        parser.add_argument("--numeros", nargs="+", required=True, metavar="NUMERO", help="RNCP41346 RS6610…")
        parser.add_argument("--famille", metavar="SLUG", help="certification à laquelle rattacher une fiche nouvelle")
        parser.add_argument("--date-export", type=date.fromisoformat, metavar="AAAA-MM-JJ", help="date de l’export")
        parser.add_argument("--reel", action="store_true", help="écrire pour de bon")

    def handle(self, *args, fichier, numeros, famille, date_export, reel, **options):
        demandes = list(dict.fromkeys(n.strip().upper() for n in numeros))
        contexte = {"date_export": date_export or _date_du_nom(fichier.name), "famille": None}
        if famille:
            contexte["famille"] = Certification.objects.filter(slug=famille).first()
            if contexte["famille"] is None:
                raise CommandError(f"Aucune certification ne s’appelle «\u202f{famille}\u202f».")
        try:
            fiches = list(lire(fichier, demandes))
        except FichierIllisible as erreur:
            raise CommandError(str(erreur)) from erreur
        echecs = sum(not reussie for reussie in self._traiter(fiches, contexte, reel))
        absents = [n for n in demandes if n not in {f.numero for f in fiches}]
        for numero in absents:
            self.stderr.write(f"{numero}\u202f: absent de ce fichier.")
        if not reel:
            self.stdout.write("Essai à blanc\u202f: rien n’a été écrit. Ajoutez --reel pour appliquer.")
        if echecs or absents:
            raise CommandError(f"{echecs + len(absents)} fiche(s) sur {len(demandes)} n’ont pas pu être reprises.")

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
                rapport = rafraichir(fiche, **contexte)
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
        for avertissement in rapport.avertissements:
            self.stdout.write(self.style.WARNING(f"  à voir\u202f: {avertissement}"))


def _court(texte: str) -> str:
    plat = " ".join(texte.split())
    return plat if len(plat) <= LARGEUR else f"{plat[:LARGEUR].rstrip()}…"


def _date_du_nom(nom: str) -> date | None:
    """France compétences puts the date of the export in the name of the file."""
    if trouve := re.search(r"(20\d\d-\d\d-\d\d)", nom):
        try:
            return date.fromisoformat(trouve[1])
        except ValueError:
            return None
    return None
