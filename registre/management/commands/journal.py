"""`manage.py journal verifier|publier|preuve|cle`: the journal of the acts and the public log of what was issued."""

from django.core.management.base import BaseCommand, CommandError

from registre import cles, declencheurs, journal, trousseau
from registre.models import Feuille
from registre.transparence import journal_public
from registre.transparence.fichiers import verifier_les_fichiers
from registre.verifications import VERIFICATIONS


class Command(BaseCommand):
    help = (
        "«\u202fverifier\u202f»\u00a0: recalcule la chaîne du journal, le journal public, ce qu’il dit des clés et les "
        "actes scellés, et nomme chaque faute\u202f; avec --fichiers, relit aussi chaque document rangé. "
        "«\u202fpublier\u202f»\u00a0: "
        "signe un point de contrôle du journal public. «\u202fpreuve NUMÉRO\u202f»\u00a0: écrit la preuve qu’un "
        "document y est. "
        "«\u202fcle\u202f»\u00a0: montre la clé publique du journal public, à donner aux témoins."
    )

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["verifier", "publier", "preuve", "cle"])
        parser.add_argument("numero", nargs="?", default="", help="numéro du document, pour «\u202fpreuve\u202f»")
        parser.add_argument(
            "--fichiers", action="store_true", help="pour «\u202fverifier\u202f»\u00a0: relire chaque document rangé"
        )

    def handle(self, *args, action, **options):
        try:
            getattr(self, f"_{action}")(**options)
        except (cles.CleIndisponible, journal_public.Incoherence) as erreur:
            raise CommandError(str(erreur)) from erreur

    def _verifier(self, fichiers, **options):
        autres = (faute for verifier in VERIFICATIONS for faute in verifier())
        fautes = [*journal.verifier(), *journal_public.verifier(), *trousseau.verifier(), *autres]
        if fichiers:
            fautes += verifier_les_fichiers()
        for faute in fautes:
            self.stderr.write(faute)
        if fautes:
            raise CommandError(f"Le journal a {len(fautes)} défaut(s).")
        if manquants := declencheurs.absents():
            raise CommandError(
                "Le journal est intact, mais la base ne le protège plus\u00a0: lancez «\u202fmanage.py migrate\u202f» "
                f"({', '.join(manquants)})."
            )
        self.stdout.write(f"Journal intact. Journal public intact\u00a0: {journal_public.taille()} feuille(s).")
        for annonce in trousseau.a_annoncer():
            self.stdout.write(f"{annonce.phrase} Le journal public le dira cette nuit.")

    def _publier(self, **options):
        point = journal_public.publier()
        self.stdout.write(point.note if point else "Rien de nouveau depuis le dernier point de contrôle.")

    def _preuve(self, numero, **options):
        feuille = Feuille.objects.filter(parchemin__numero=numero, evenement=Feuille.Evenement.EMISSION).first()
        if feuille is None:
            raise CommandError(f"Aucun document édité ne porte le numéro «\u202f{numero}\u202f».")
        texte = journal_public.preuve(feuille)
        if texte is None:
            raise CommandError(
                "Ce document sera prouvé au prochain point de contrôle\u00a0: lancez «\u202fjournal publier\u202f»."
            )
        self.stdout.write(texte, ending="")

    def _cle(self, **options):
        self.stdout.write(str(cles.signataire_du_journal(journal_public.origine()).verificateur))
