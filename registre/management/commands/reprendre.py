"""`manage.py reprendre`: queue again what a crash left half way. Workers do it by themselves."""

from django.core.management.base import BaseCommand

from registre import statuts, trousseau
from registre.reprise import reprendre
from registre.transparence import journal_public


class Command(BaseCommand):
    help = (
        "Remet en file ce qu’une coupure a laissé en chemin\u00a0: documents non fabriqués, courriels non "
        "partis, lots. "
        "Les ouvriers le font d’eux-mêmes\u202f; rien n’est fait deux fois."
    )

    def handle(self, *args, **options):
        places = statuts.attribuer_les_oublies()
        inscrites = journal_public.inscrire_les_emissions_oubliees()
        for annonce in trousseau.annoncer():
            self.stdout.write(f"Au journal public\u00a0: {annonce.phrase}")
        if places:
            self.stdout.write(
                f"Placés dans la liste des annulations\u00a0: {places} document(s) délivré(s) avant elle."
            )
        if inscrites:
            self.stdout.write(f"Inscrits au journal public\u00a0: {inscrites} document(s) édité(s) avant lui.")
        self.stdout.write(f"Remis en file\u00a0: {', '.join(f'{n} {quoi}' for quoi, n in reprendre().items())}.")
