"""Load communes (present and past) and countries from INSEE's code officiel géographique."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from registre.cog_fichiers import Bilan, FichierInconnu, Format, charger, reconnaitre

REFUS_MONTRES = 10


class Command(BaseCommand):
    help = (
        "Charge les communes, leur historique et les pays à partir des CSV du code officiel géographique de l’INSEE "
        "(v_commune_AAAA.csv, v_commune_depuis_1943.csv, v_pays_territoire_AAAA.csv). À blanc par défaut."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "sources", nargs="+", type=Path, metavar="DOSSIER|FICHIER", help="les CSV, ou le dossier qui les contient"
        )
        parser.add_argument("--reel", action="store_true", help="écrire pour de bon")

    def handle(self, *args, sources, reel, **options):
        try:
            fichiers = self._trier(sources)
            with transaction.atomic():
                refusees = sum(self._un(fichier, modele) for fichier, modele in fichiers)
                # A dry run does the very same work, then takes everything back.
                transaction.set_rollback(not reel)
        except FichierInconnu as erreur:
            raise CommandError(str(erreur)) from erreur
        if not reel:
            self.stdout.write("Essai à blanc\u202f: rien n’a été écrit. Ajoutez --reel pour appliquer.")
        if refusees:
            raise CommandError(f"{refusees} ligne(s) n’ont pas pu être lues\u00a0; les autres sont traitées.")

    def _trier(self, sources: list[Path]) -> list[tuple[Path, Format]]:
        """The files to load with their layouts, history last. In a folder, foreign files are told and left aside."""
        retenus = []
        for source in sources:
            dossier = source.is_dir()
            for fichier in sorted(source.glob("*.csv")) if dossier else [source]:
                modele = reconnaitre(fichier)
                if modele is not None:
                    retenus.append((fichier, modele))
                elif dossier:
                    self.stdout.write(f"{fichier.name}\u00a0: laissé de côté, ce n’est pas un fichier connu du COG.")
                else:
                    raise FichierInconnu(f"{fichier.name}\u00a0: les colonnes ne sont pas celles d’un fichier du COG.")
        if not retenus:
            raise FichierInconnu("Aucun fichier du code officiel géographique à cet endroit.")
        return sorted(retenus, key=lambda paire: (paire[1].rang, paire[0].name))

    def _un(self, fichier: Path, modele: Format) -> int:
        bilan = charger(fichier, modele)
        self._dire(fichier, modele, bilan)
        return len(bilan.refusees)

    def _dire(self, fichier: Path, modele: Format, bilan: Bilan) -> None:
        inchangees = bilan.lues - bilan.creees - bilan.modifiees - bilan.ecartees.total() - len(bilan.refusees)
        self.stdout.write(
            f"{fichier.name} ({modele.nom})\u00a0: {bilan.lues} lignes lues, {bilan.creees} créées, "
            f"{bilan.modifiees} modifiées, {max(inchangees, 0)} inchangées."
        )
        for raison, nombre in sorted(bilan.ecartees.items()):
            self.stdout.write(f"  {nombre} laissées de côté\u00a0: {raison}.")
        for phrase in bilan.refusees[:REFUS_MONTRES]:
            self.stderr.write(f"  {phrase}")
        if len(bilan.refusees) > REFUS_MONTRES:
            self.stderr.write(f"  … et {len(bilan.refusees) - REFUS_MONTRES} autres.")
