"""Build the starting page tree of the portal."""

from django.core.management.base import BaseCommand

from home.depart.arbre import creer_les_pages


class Command(BaseCommand):
    help = (
        "Crée les pages qui manquent au portail : accueil, catalogue, une page par CQP du registre, pages "
        "d’information "
        "et pages légales. Ne touche à aucune page existante."
    )

    def handle(self, *args, **options):
        bilan = creer_les_pages()
        for titre in bilan.creees:
            self.stdout.write(f"Page créée : {titre}")
        self.stdout.write(f"Pages de CQP créées : {bilan.cqp}")
