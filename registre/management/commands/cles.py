"""`manage.py cles creer|lister`: the keys that sign parchemins."""

from django.core.management.base import BaseCommand, CommandError

from registre import cles


class Command(BaseCommand):
    help = (
        "Clés qui signent les parchemins. « creer » : crée la clé suivante, qui signe aussitôt. « lister » : montre "
        "les clés publiées. Pour retirer une clé : créez la suivante, puis supprimez l’ancien fichier .pem ; "
        "gardez toujours le fichier .pub."
    )

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["creer", "lister"])

    def handle(self, *args, action, **options):
        try:
            if action == "creer":
                self.stdout.write(f"Clé {cles.creer()} créée : elle signe les prochains parchemins.")
            else:
                self._lister()
        except (cles.CleIndisponible, OSError) as erreur:
            raise CommandError(str(erreur)) from erreur

    def _lister(self):
        publiques = cles.publiques()
        if not publiques:
            self.stdout.write("Aucune clé. Créez la première : python manage.py cles creer")
        for kid, cle in publiques.items():
            etat = "active" if cle.active else "retirée (vérifie seulement)"
            self.stdout.write(f"{kid:>3}  {cles.ALGORITHME}  {cle.octets.hex()}  {etat}")
