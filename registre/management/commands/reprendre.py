"""`manage.py reprendre`: queue again what a crash left half way."""

from django.core.management.base import BaseCommand
from django.db.models import Q
from django.utils import timezone

from registre.courriels import envoyer
from registre.fabrication import fabriquer
from registre.models import CourrielSortant, Parchemin
from registre.transparence import journal_public


class Command(BaseCommand):
    help = (
        "Remet en file les documents non fabriqués et les courriels non partis. "
        "À lancer au démarrage des tâches de fond : rien n’est fait deux fois."
    )

    def handle(self, *args, **options):
        documents = Parchemin.objects.filter(sha256="").values_list("pk", flat=True)
        dus = Q(envoye_le=None, echec_le=None, prochain_essai__lte=timezone.now())
        courriels = CourrielSortant.objects.filter(dus).values_list("pk", flat=True)
        inscrites = journal_public.inscrire_les_emissions_oubliees()
        for pk in documents:
            fabriquer.enqueue(pk)
        for pk in courriels:
            envoyer.enqueue(pk)
        if inscrites:
            self.stdout.write(f"Inscrits au journal public : {inscrites} document(s) édité(s) avant lui.")
        self.stdout.write(f"Remis en file : {len(documents)} document(s), {len(courriels)} courriel(s).")
