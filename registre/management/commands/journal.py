"""`manage.py journal verifier|publier|preuve`: the journal of the acts and the public log of what was issued."""

from django.core.management.base import BaseCommand, CommandError

from registre import cles, journal, trousseau
from registre.models import Feuille
from registre.transparence import journal_public


class Command(BaseCommand):
    help = (
        "« verifier » : recalcule la chaîne du journal et le journal public, et nomme chaque faute. « publier » : "
        "signe un point de contrôle du journal public. « preuve NUMÉRO » : écrit la preuve qu’un document y est. "
        "« cle » : montre la clé publique du journal public, à donner aux témoins."
    )

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["verifier", "publier", "preuve", "cle"])
        parser.add_argument("numero", nargs="?", default="", help="numéro du document, pour « preuve »")

    def handle(self, *args, action, numero, **options):
        try:
            getattr(self, f"_{action}")(numero)
        except (cles.CleIndisponible, journal_public.Incoherence) as erreur:
            raise CommandError(str(erreur)) from erreur

    def _verifier(self, numero):
        fautes = [*journal.verifier(), *journal_public.verifier(), *trousseau.verifier()]
        for faute in fautes:
            self.stderr.write(faute)
        if fautes:
            raise CommandError(f"Le journal a {len(fautes)} défaut(s).")
        if not journal.declencheurs_presents():
            raise CommandError("Le journal est intact, mais la base ne le protège plus : lancez « manage.py migrate ».")
        self.stdout.write(f"Journal intact. Journal public intact : {journal_public.taille()} feuille(s).")

    def _publier(self, numero):
        point = journal_public.publier()
        self.stdout.write(point.note if point else "Rien de nouveau depuis le dernier point de contrôle.")

    def _preuve(self, numero):
        feuille = Feuille.objects.filter(parchemin__numero=numero, evenement=Feuille.Evenement.EMISSION).first()
        if feuille is None:
            raise CommandError(f"Aucun document édité ne porte le numéro « {numero} ».")
        texte = journal_public.preuve(feuille)
        if texte is None:
            raise CommandError("Ce document sera prouvé au prochain point de contrôle : lancez « journal publier ».")
        self.stdout.write(texte, ending="")

    def _cle(self, numero):
        self.stdout.write(str(cles.signataire_du_journal(journal_public.origine()).verificateur))
