"""`manage.py cpf constituer|exporter|integrer_accuse`: the accrochage without the screens, dry unless `--reel`."""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from cpf import accrochage, lots, reponses, workflow
from cpf.accuses import AccuseIllisible, conseil, lire
from cpf.models import LotCPF
from cpf.selection import Selection
from registre.models import Organisme
from registre.transitions import Refus


class Command(BaseCommand):
    help = "Accrochage au SI CPF\u00a0: constitue un lot, exporte son fichier, intègre un accusé. À blanc sans --reel."

    def add_arguments(self, parser):
        gestes = parser.add_subparsers(dest="geste", required=True, metavar="geste")
        constituer = gestes.add_parser("constituer", help="constitue un lot avec tout ce qui est à déclarer")
        constituer.add_argument("certificateur", help="SIRET ou sigle du certificateur")
        constituer.add_argument("--sans-refuses", action="store_true", help="laisse de côté les passages déjà refusés")
        exporter = gestes.add_parser("exporter", help="copie le fichier d’un lot dans un dossier")
        exporter.add_argument("id_flux", help="identifiant du flux")
        exporter.add_argument("dossier", type=Path, help="dossier où écrire le fichier")
        integrer = gestes.add_parser("integrer_accuse", help="intègre un accusé de traitement")
        integrer.add_argument("fichier", type=Path, help="fichier XML de l’accusé")
        for geste in (constituer, exporter, integrer):
            geste.add_argument("--reel", action="store_true", help="agit\u202f; sans cette option, rien n’est écrit")
            geste.add_argument("--acteur", required=True, help="adresse électronique de la personne qui agit")

    def handle(self, *args, geste, acteur, reel, **options):
        personne = get_user_model().objects.filter(email=acteur, is_active=True).first()
        if personne is None:
            raise CommandError("Personne n’a de compte actif à cette adresse.")
        try:
            getattr(self, f"_{geste}")(personne, reel, options)
        except Refus as refus:
            raise CommandError("\n".join(refus.phrases)) from None
        if not reel:
            self.stdout.write("Essai à blanc\u00a0: rien n’est écrit. Ajoutez --reel pour agir.")

    def _constituer(self, personne, reel, options):
        nom = options["certificateur"]
        siens = Organisme.objects.filter(pk__in=personne.organismes_ids("certificateur"))
        certificateur = siens.filter(Q(siret=nom) | Q(sigle__iexact=nom)).first()
        if certificateur is None:
            raise CommandError("Cette personne n’est pas certificateur pour cet organisme.")
        avec_refuses = not options["sans_refuses"]
        prets = 0
        for candidat in accrochage.examiner(accrochage.a_declarer(certificateur, avec_refuses=avec_refuses)):
            prets += not candidat.bloquantes
            for anomalie in candidat.bloquantes:
                self.stdout.write(f"{candidat.parchemin.numero}\u00a0: {anomalie.phrase} {anomalie.conseil}")
        self.stdout.write(f"Prêts à partir\u00a0: {prets}.")
        if reel:
            lot = workflow.constituer(personne, certificateur, Selection(avec_refuses=avec_refuses))
            self.stdout.write(f"Lot {lot.id_flux}\u00a0: {lot.nombre} passage(s), empreinte {lot.sha256}.")

    def _exporter(self, personne, reel, options):
        lot = self._lot(personne, options["id_flux"])
        cible = options["dossier"] / lot.nom_fichier
        with lots.ouvrir_fichier(lot) as fichier:
            self.stdout.write(f"{cible}\u00a0: {lot.taille} octets.")
            if reel:
                cible.write_bytes(fichier.read())

    def _integrer_accuse(self, personne, reel, options):
        octets = options["fichier"].read_bytes()
        try:
            accuse = lire(octets)
        except AccuseIllisible as illisible:
            raise CommandError(str(illisible)) from None
        lot = self._lot(personne, accuse.id_flux)
        sorts = reponses.bilan(lot, accuse)
        for nom, libelle in (
            ("acceptes", "Acceptés"),
            ("refuses", "Refusés"),
            ("inconnus", "Inconnus de ce lot"),
            ("contredits", "Déjà répondus autrement"),
            ("sans_reponse", "Sans réponse"),
        ):
            self.stdout.write(f"{libelle}\u00a0: {len(sorts[nom])}.")
        for identifiant in sorted(sorts["refuses"]):
            for message in accuse.refuses[identifiant]:
                self.stdout.write(f"{identifiant}\u00a0: {message}. {conseil(message)}")
        if reel:
            lot = workflow.integrer_accuse(personne, lot, octets, options["fichier"].name)
            self.stdout.write(f"Lot {lot.id_flux}\u00a0: {lot.get_etat_display()}.")

    def _lot(self, personne, id_flux: str) -> LotCPF:
        lot = workflow.lot_de(id_flux, LotCPF.objects.all().visibles_par(personne))
        if lot is None:
            raise CommandError("Aucun lot ne porte cet identifiant de flux.")
        return lot
