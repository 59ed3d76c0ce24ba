"""`manage.py lire_retours`: which mails came back, read from the mailbox of returns."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from registre.retours_courriel import lettres, lire, marquer


class Command(BaseCommand):
    help = (
        "Lit les avis de non-remise (RFC 3464) d’une boîte Maildir, mbox ou d’un dossier de fichiers .eml, et note les "
        "courriels revenus. Sans --reel, dit seulement ce qui serait noté. Relire la même boîte ne change rien."
    )

    def add_arguments(self, parser):
        parser.add_argument("chemin", nargs="?", default="", help="boîte à lire (par défaut BOITE_DES_RETOURS)")
        parser.add_argument("--reel", action="store_true", help="écrit\u202f; sinon, rien n’est écrit")

    def handle(self, *args, chemin, reel, **options):
        chemin = chemin or settings.BOITE_DES_RETOURS
        if not chemin:
            raise CommandError("Indiquez la boîte à lire, ou réglez BOITE_DES_RETOURS.")
        lus = reconnus = definitifs = notes = 0
        try:
            for octets in lettres(Path(chemin)):
                lus += 1
                if (retour := lire(octets)) is None:
                    continue
                reconnus += 1
                definitifs += retour.definitif
                notes += reel and marquer(retour)
        except OSError as erreur:
            raise CommandError(f"La boîte ne se lit pas\u00a0: {type(erreur).__name__}.") from erreur
        phrase = f"{lus} message(s) lu(s), {reconnus} avis de non-remise, dont {definitifs} définitif(s)"
        self.stdout.write(
            f"{phrase}\u202f; {notes} courriel(s) noté(s)." if reel else f"{phrase}. Rien n’est écrit (--reel)."
        )
