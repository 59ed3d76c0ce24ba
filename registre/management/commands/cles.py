"""`manage.py cles creer|lister|tourner|revoquer|coupes`: the keys that sign parchemins."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from registre import certificats, cles, trousseau
from registre.transparence import journal_public

A_BLANC = "Essai à blanc\u00a0: rien n’a été écrit. Ajoutez --reel pour appliquer."
QUE_FAIRE = (
    "Pour chacun\u00a0: annulez-le, délivrez-le de nouveau et prévenez son titulaire. Son numéro n’est pas repris. "
    "«\u202fcles coupes\u202f» redonne cette liste."
)


class Command(BaseCommand):
    help = "Clés qui signent les parchemins. Voir docs/cles.md."

    def add_arguments(self, parser):
        actions = parser.add_subparsers(dest="action", required=True, metavar="action")
        actions.add_parser("creer", help="crée la clé suivante, qui signe aussitôt\u202f; la première fois, surtout")
        actions.add_parser("lister", help="montre les clés publiées")
        tourner = actions.add_parser("tourner", help="crée la clé suivante et ôte la moitié privée des autres")
        tourner.add_argument("--archiver", type=Path, metavar="DOSSIER", help="y ranger l’ancienne moitié privée")
        revoquer = actions.add_parser("revoquer", help="coupe une clé volée à partir d’un rang du journal public")
        revoquer.add_argument("kid", type=int, help="numéro de la clé")
        revoquer.add_argument(
            "--depuis", type=int, required=True, metavar="RANG", help="premier rang dont la signature ne vaut plus"
        )
        revoquer.add_argument("--motif", default="", help="pourquoi, pour le journal des actes")
        for parser in (tourner, revoquer):
            parser.add_argument("--reel", action="store_true", help="agir pour de bon")
        actions.add_parser("coupes", help="liste les documents à refaire parce que leur clé a été révoquée")

    def handle(self, *args, action, **options):
        try:
            getattr(self, f"_{action}")(**options)
        except (cles.CleIndisponible, trousseau.RevocationImpossible, journal_public.Incoherence, OSError) as erreur:
            raise CommandError(str(erreur)) from erreur

    def _creer(self, **options):
        self.stdout.write(f"Clé {cles.creer()} créée\u00a0: elle signe les prochains parchemins.")
        certificats.creer_s_il_en_manque()
        self._annoncer()

    def _lister(self, **options):
        publiques = cles.publiques()
        if not publiques:
            self.stdout.write("Aucune clé. Créez la première\u00a0: python manage.py cles creer")
        for kid, cle in publiques.items():
            etat = {"active": "active", "retiree": "retirée (vérifie seulement)"}.get(cle.etat)
            if cle.coupure:
                etat = f"révoquée le {cle.coupure.le:%d/%m/%Y}, sans valeur depuis le rang {cle.coupure.depuis}"
            self.stdout.write(f"{kid:>3}  {cles.ALGORITHME}  {cle.octets.hex()}  {etat}")

    def _tourner(self, archiver, reel, **options):
        if not reel:
            actives = [kid for kid, cle in cles.publiques().items() if cle.active]
            ancienne = f" à la place de la clé {actives[0]}" if actives else ""
            self.stdout.write(f"Une nouvelle clé signerait{ancienne}.")
            self.stdout.write(A_BLANC)
            return
        nouvelle, retirees = trousseau.tourner(archiver)
        self.stdout.write(f"Clé {nouvelle} créée\u00a0: elle signe les prochains parchemins.")
        for kid in retirees:
            ou = f"rangée dans {archiver}" if archiver else "détruite"
            self.stdout.write(
                f"Clé {kid}\u00a0: moitié privée {ou}. Gardez {kid}.pub\u00a0: elle vérifie pour toujours."
            )
        self._annoncer()

    def _revoquer(self, kid, depuis, motif, reel, **options):
        trousseau.verifier_la_coupure(kid, depuis)
        coupes = list(trousseau.documents_coupes(kid, depuis))
        if reel and (nouvelle := trousseau.revoquer(kid, depuis)):
            self.stdout.write(f"Clé {nouvelle} créée\u00a0: elle signe les prochains parchemins.")
        if reel:
            # A document may have been made in between.
            coupes = list(trousseau.documents_coupes(kid, depuis))
        verbe = "est" if reel else "serait"
        self.stdout.write(
            f"La clé {kid} {verbe} coupée\u00a0: sa signature ne vaut plus rien à partir du rang {depuis}."
        )
        point = journal_public.dernier_point()
        if point is None or depuis > point.taille:
            self.stdout.write(
                f"Attention\u00a0: le dernier point de contrôle publié s’arrête à {point.taille if point else 0} "
                "inscription(s)\u202f; personne d’autre que cette machine n’atteste les suivantes."
            )
        self._dire_les_coupes(coupes)
        if not reel:
            self.stdout.write(A_BLANC)
            return
        self._annoncer(motif)

    def _coupes(self, **options):
        self._dire_les_coupes(list(trousseau.documents_coupes()))

    def _dire_les_coupes(self, coupes):
        self.stdout.write(f"Documents à refaire\u00a0: {len(coupes)}.")
        for document in coupes:
            self.stdout.write(f"  {document.numero}  {document.get_nature_display()}  {document.delivre_le:%d/%m/%Y}")
        if coupes:
            self.stdout.write(QUE_FAIRE)

    def _annoncer(self, motif=""):
        """Tell the logs. Before the first « migrate » there is none: the daily tasks will."""
        try:
            for annonce in trousseau.annoncer(motif=motif):
                self.stdout.write(f"Au journal\u00a0: {annonce.phrase}")
        except DatabaseError:
            self.stderr.write("Le journal ne répond pas\u00a0: «\u202fmanage.py reprendre\u202f» y inscrira ces clés.")
            return
        if journal_public.publier():
            self.stdout.write("Point de contrôle publié.")
