"""The first certificateur of an installation: body, account, role, and a link to choose a password."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from backoffice.comptes.courriels import envoyer_lien_mot_de_passe, lien_mot_de_passe
from backoffice.comptes.droits import donner_role
from backoffice.comptes.models import Role, Utilisateur
from registre.models import Organisme
from registre.models.organismes import valider_siret

ESSAI = "Essai à blanc\u00a0: rien n’est écrit. Ajoutez --reel pour agir."


class Command(BaseCommand):
    help = (
        "Ouvre le compte d’un certificateur, qui invitera ensuite tous les autres. Sans --reel, dit seulement ce qui "
        "serait fait. Une seconde exécution ne change rien."
    )

    def add_arguments(self, parser):
        parser.add_argument("adresse", help="adresse électronique de la personne")
        parser.add_argument(
            "--organisme", required=True, help="raison sociale du certificateur, créé s’il n’existe pas"
        )
        parser.add_argument("--siret", default="", help="SIRET de l’organisme, s’il en a un")
        parser.add_argument("--prenom", default="", help="prénom de la personne, pour un compte neuf")
        parser.add_argument("--nom", default="", help="nom de la personne, pour un compte neuf")
        parser.add_argument("--envoyer", action="store_true", help="envoyer le lien par courriel au lieu de l’imprimer")
        parser.add_argument("--reel", action="store_true", help="agir vraiment")

    def handle(self, *args, adresse, reel, envoyer, **options):
        adresse = adresse.strip().lower()
        with transaction.atomic():
            organisme = self._organisme(options["organisme"].strip(), options["siret"].replace(" ", ""))
            compte = self._compte(adresse, options["prenom"].strip(), options["nom"].strip())
            self._role(compte, organisme)
            self._lien(compte, envoyer, reel)
            if not reel:
                transaction.set_rollback(True)
                self.stdout.write(ESSAI)

    def _organisme(self, nom, siret) -> Organisme:
        try:
            if siret:
                valider_siret(siret)
        except ValidationError as erreur:
            raise CommandError(erreur.messages[0]) from erreur
        cherche = {"siret": siret} if siret else {"raison_sociale__iexact": nom}
        trouves = list(Organisme.objects.filter(**cherche)[:2])
        if len(trouves) > 1:
            raise CommandError(f"Plusieurs organismes s’appellent «\u202f{nom}\u202f»\u00a0: précisez --siret.")
        if trouves:
            self.stdout.write(f"Organisme\u00a0: {trouves[0].raison_sociale}, déjà connu.")
            return trouves[0]
        self.stdout.write(f"Organisme\u00a0: {nom}, créé.")
        return Organisme.objects.create(raison_sociale=nom, siret=siret)

    def _compte(self, adresse, prenom, nom) -> Utilisateur:
        try:
            validate_email(adresse)
        except ValidationError as erreur:
            raise CommandError("Cette adresse électronique n’est pas valable.") from erreur
        compte = Utilisateur.objects.filter(email=adresse).first()
        if compte and not compte.is_active:
            raise CommandError(
                "Ce compte est fermé\u00a0: un certificateur en service le rouvre, écran «\u202fComptes\u202f»."
            )
        if compte:
            self.stdout.write("Compte\u00a0: déjà ouvert.")
            return compte
        if not (prenom and nom):
            raise CommandError("Un compte neuf porte un nom\u00a0: précisez --prenom et --nom.")
        self.stdout.write("Compte\u00a0: ouvert.")
        return Utilisateur.objects.create_user(adresse, None, prenom=prenom, nom=nom)

    def _role(self, compte, organisme):
        if compte.roles.actifs().filter(nom=Role.Nom.CERTIFICATEUR, organisme=organisme).exists():
            self.stdout.write("Rôle\u00a0: certificateur, déjà donné.")
            return
        donner_role(compte, Role.Nom.CERTIFICATEUR, organisme, acteur=None, au_titre_de="gestion")
        self.stdout.write("Rôle\u00a0: certificateur, donné.")

    def _lien(self, compte, envoyer, reel):
        if compte.has_usable_password():
            self.stdout.write("Lien\u00a0: aucun, cette personne a déjà choisi son mot de passe.")
        elif not reel:
            self.stdout.write("Lien\u00a0: à la prochaine exécution avec --reel.")
        elif envoyer:
            envoyer_lien_mot_de_passe.enqueue(compte.email)
            self.stdout.write("Lien\u00a0: envoyé par courriel.")
        else:
            lien, _ = lien_mot_de_passe(compte)
            heures = settings.PASSWORD_RESET_TIMEOUT // 3600
            self.stdout.write(f"Lien personnel, à usage unique, valable {heures}\u00a0heures\u00a0:\n{lien}")
