"""`manage.py gardien`: what the database has lost since it was last seen, and how to go on after a restored backup."""

from django.core.management.base import BaseCommand, CommandError

from registre import gardien


class Command(BaseCommand):
    help = (
        "Compare la base à la mémoire tenue hors d’elle\u00a0: derniers numéros donnés, dernier point de contrôle du "
        "journal public. Avec --reel, après une restauration, fait reprendre chaque série après son dernier numéro."
    )

    def add_arguments(self, parser):
        parser.add_argument("--reel", action="store_true", help="écrit dans la base\u202f; sans cela, rien ne change")

    def handle(self, *args, reel, **options):
        try:
            ecarts = gardien.ecarts()
            if not ecarts:
                self.stdout.write("La base n’a rien perdu.")
                return
            for phrase in ecarts:
                self.stdout.write(phrase)
            if not reel:
                raise CommandError(
                    "La base est en retard. Retrouvez d’abord une sauvegarde plus récente\u202f; à défaut, "
                    "«\u202fgardien "
                    "--reel\u202f» fait reprendre les numéros après les derniers donnés."
                )
            for phrase in gardien.sauter_les_numeros_perdus():
                self.stdout.write(phrase)
            self.stdout.write(
                "Les numéros sautés sont ceux de documents que la base a oubliés\u00a0: ressaisissez-les d’après leurs "
                "fichiers avant de répondre à qui les vérifie."
            )
        except gardien.BaseEnRetard as erreur:
            raise CommandError(str(erreur)) from erreur
