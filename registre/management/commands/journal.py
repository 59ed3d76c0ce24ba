"""`manage.py journal verifier`: recompute the chain of the journal and say whether it is sound."""

from django.core.management.base import BaseCommand, CommandError

from registre import journal


class Command(BaseCommand):
    help = "Vérifie le journal : recalcule la chaîne des empreintes et nomme chaque entrée fautive."

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["verifier"])

    def handle(self, *args, **options):
        fautes = list(journal.verifier())
        for faute in fautes:
            self.stderr.write(faute)
        if fautes:
            raise CommandError(f"Le journal a {len(fautes)} défaut(s).")
        if not journal.declencheurs_presents():
            raise CommandError("Le journal est intact, mais la base ne le protège plus : lancez « manage.py migrate ».")
        self.stdout.write("Journal intact.")
