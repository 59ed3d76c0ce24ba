"""`manage.py sceau creer|montrer|examiner`: the certificate that seals documents, and the seal of a file."""

from datetime import UTC, datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from registre import certificats, sceau


class Command(BaseCommand):
    help = "Certificat qui scelle les documents. Voir docs/exploitation.md, «\u202fLe sceau\u202f»."

    def add_arguments(self, parser):
        actions = parser.add_subparsers(dest="action", required=True, metavar="action")
        actions.add_parser("creer", help="fait notre propre certificat, s’il n’y en a pas")
        actions.add_parser("montrer", help="dit quel certificat scelle, jusqu’à quand, et ceux qui sont reconnus")
        actions.add_parser("examiner", help="dit ce que vaut le sceau d’un fichier").add_argument("fichier", type=Path)

    def handle(self, *args, action, fichier=None, **options):
        try:
            if action == "creer":
                certificats.creer()
            if action == "examiner":
                self._examiner(fichier.read_bytes())
            else:
                self._montrer()
        except (certificats.SceauIndisponible, OSError) as erreur:
            raise CommandError(str(erreur)) from erreur

    def _montrer(self):
        actif = certificats.actif()
        fin = actif.certificat.not_valid_after_utc
        jours = (fin - datetime.now(UTC)).days
        self.stdout.write(f"Scelle\u00a0: {actif.certificat.subject.rfc4514_string()}")
        self.stdout.write(f"Délivré par\u00a0: {actif.certificat.issuer.rfc4514_string()}")
        self.stdout.write(
            f"Valable jusqu’au {fin:%d/%m/%Y} ({jours} jours), empreinte {certificats.empreinte(actif.certificat)}."
        )
        self.stdout.write(f"Certificats reconnus\u00a0: {len(certificats.connus())}.")

    def _examiner(self, octets: bytes):
        lu = sceau.examiner(octets)
        for question, reponse in {
            "sceau présent": lu.present,
            "fichier entier couvert": lu.entier,
            "contenu intact": lu.intact,
            "certificat reconnu": lu.de_confiance,
        }.items():
            self.stdout.write(f"{'oui' if reponse else 'NON'}  {question}")
        if lu.present:
            self.stdout.write(
                f"Posé par «\u202f{lu.au_nom_de}\u202f», émis par «\u202f{lu.emis_par}\u202f», le {lu.scelle_le}."
            )
        if not lu.bon:
            raise CommandError("Ce fichier ne porte pas un sceau valable de ce registre.")
