"""`manage.py cpf constituer|exporter|transmettre|integrer_accuse`: the accrochage without the screens.

Dry unless `--reel`. Exit codes: 0 done or would be, 1 refused (the reason is written), 2 wrong arguments.
"""

from datetime import date
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from cpf import echanges, lots, reponses, workflow
from cpf.accuses import AccuseIllisible, conseil, lire
from cpf.models import Action, LotCPF
from cpf.selection import Selection
from cpf.transport import DepotParDossier
from registre.models import Organisme
from registre.transitions import Refus

SORTS = (
    ("acceptes", "Acceptés"),
    ("deja_en_base", "dont déjà en base"),
    ("refuses", "Refusés"),
    ("inconnus", "Inconnus de ce lot"),
    ("contredits", "Déjà répondus autrement"),
    ("sans_reponse", "Sans réponse"),
)


class Command(BaseCommand):
    help = (
        "Accrochage au SI CPF\u00a0: constitue un lot, exporte ou transmet son fichier, intègre des accusés. "
        "À blanc sans --reel."
    )

    def add_arguments(self, parser):
        gestes = parser.add_subparsers(dest="geste", required=True, metavar="geste")
        constituer = gestes.add_parser("constituer", help="constitue un lot avec ce qui est à déclarer")
        constituer.add_argument("certificateur", help="SIRET ou sigle du certificateur")
        constituer.add_argument("--du", type=date.fromisoformat, help="premier jour de délivrance (AAAA-MM-JJ)")
        constituer.add_argument("--au", type=date.fromisoformat, help="dernier jour de délivrance (AAAA-MM-JJ)")
        constituer.add_argument("--sans-refuses", action="store_true", help="laisse de côté les passages déjà refusés")
        constituer.add_argument("--suppression", action="store_true", help="demande la suppression des annulés")
        exporter = gestes.add_parser("exporter", help="copie le fichier d’un lot dans un dossier")
        exporter.add_argument("id_flux", help="identifiant du flux")
        exporter.add_argument("dossier", type=Path, help="dossier où écrire le fichier")
        transmettre = gestes.add_parser("transmettre", help="remet un lot au transport, et relève ses accusés")
        transmettre.add_argument("id_flux", help="identifiant du flux")
        integrer = gestes.add_parser("integrer_accuse", help="intègre des accusés de traitement")
        integrer.add_argument("fichiers", type=Path, nargs="+", help="fichiers XML des accusés")
        for geste in (constituer, exporter, transmettre, integrer):
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
        except OSError as erreur:
            raise CommandError(f"Fichier ou dossier inaccessible\u00a0: {erreur.filename}.") from None
        if not reel:
            self.stdout.write("Essai à blanc\u00a0: rien n’est écrit. Ajoutez --reel pour agir.")

    def _constituer(self, personne, reel, options):
        nom = options["certificateur"]
        siens = Organisme.objects.filter(pk__in=personne.organismes_ids("certificateur"))
        certificateur = siens.filter(Q(siret=nom) | Q(sigle__iexact=nom)).first()
        if certificateur is None:
            raise CommandError("Cette personne n’est pas certificateur pour cet organisme.")
        action = Action.SUPPRESSION if options["suppression"] else Action.CREATION
        selection = Selection(action, options["du"], options["au"], not options["sans_refuses"])
        if not reel:
            self._essayer(personne, certificateur, selection)
            return
        lot = workflow.constituer(personne, certificateur, selection)
        if lot.etat == LotCPF.Etat.ECRITURE:
            self.stdout.write(f"Lot {lot.id_flux}\u00a0: {lot.a_examiner} parchemins, l’ouvrier écrit le fichier.")
        else:
            self.stdout.write(f"Lot {lot.id_flux}\u00a0: {lot.nombre} passage(s), empreinte {lot.sha256}.")

    def _essayer(self, personne, certificateur, selection):
        essai = workflow.essayer(personne, certificateur, selection)
        for fichier in essai.fichiers:
            self.stdout.write(f"Fichier valide\u00a0: {fichier.nombre} passages, {fichier.taille} octets.")
        self.stdout.write(f"Prêts à partir\u00a0: {essai.passages}. Écartés\u00a0: {essai.reunion.ecartes}.")
        for raison in essai.reunion.raisons:
            self.stdout.write(raison)

    def _exporter(self, personne, reel, options):
        lot = self._lot(personne, options["id_flux"])
        with lots.ouvrir_fichier(lot) as fichier:
            self.stdout.write(f"{options['dossier'] / lot.nom_fichier}\u00a0: {lot.taille} octets.")
            if reel:
                DepotParDossier(options["dossier"]).deposer(lot, fichier)

    def _transmettre(self, personne, reel, options):
        lot = self._lot(personne, options["id_flux"])
        if reel:
            if lot.etat == LotCPF.Etat.PREPARE:
                lot = echanges.transmettre(personne, lot)
            lot = echanges.relever(personne, lot)
        self.stdout.write(f"Lot {lot.id_flux}\u00a0: {lot.get_etat_display()}.")

    def _integrer_accuse(self, personne, reel, options):
        refuses = []
        for fichier in options["fichiers"]:
            try:
                self._integrer(personne, reel, fichier)
            except (Refus, AccuseIllisible) as refus:
                refuses.append(f"{fichier.name}\u00a0: {refus}")
        if refuses:
            raise CommandError("\n".join(refuses))

    def _integrer(self, personne, reel, fichier: Path):
        octets = fichier.read_bytes()
        accuse = lire(octets)
        lot = self._lot(personne, accuse.id_flux)
        sorts = reponses.bilan(lot, accuse)
        self.stdout.write(f"{fichier.name}, lot {lot.id_flux}")
        for nom, libelle in SORTS:
            self.stdout.write(f"{libelle}\u00a0: {len(sorts[nom])}.")
        for messages, siens in reponses.par_messages(accuse, sorts["refuses"]).items():
            for message in messages:
                self.stdout.write(f"{len(siens)} \u00d7 {message}. {conseil(message)}")
            self.stdout.write("  " + ", ".join(siens[:20]) + ("…" if len(siens) > 20 else ""))
        if reel:
            lot = workflow.integrer_accuse(personne, lot, octets, fichier.name)
            self.stdout.write(f"Lot {lot.id_flux}\u00a0: {lot.get_etat_display()}.")

    def _lot(self, personne, id_flux: str) -> LotCPF:
        lot = workflow.lot_de(id_flux, LotCPF.objects.all().visibles_par(personne))
        if lot is None:
            raise Refus("Aucun lot ne porte cet identifiant de flux.")
        return lot
