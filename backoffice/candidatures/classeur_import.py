"""From a row to a draft: what it says, what there is to say of it, then the real verb `ouvrir`. A dry run first."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import capfirst
from django_tasks import task

from backoffice.parcours.models import ModaliteAcces, Parcours
from registre import cog, journal
from registre.models import Organisme, Titulaire
from registre.quotidien import quotidienne
from registre.textes import plier
from registre.transitions import VERBES, Refus, manques

from . import workflow
from .admission import versions_offertes
from .classeur_lecture import Feuille, lire
from .classeur_modele import EXEMPLE
from .classeur_valeurs import (
    CORRIGE,
    DOUTE,
    ERREUR,
    Constat,
    est_americaine,
    lire_code,
    lire_date,
    lire_noms,
    lire_sexe,
    lire_siret,
    lire_telephone,
    nettoyer,
    ressemble_a_un_nir,
)
from .models import Candidature, LigneSaisie, SaisieGroupee
from .saisie import phrases_de_contrainte
from .saisie_forms import PersonneForm, pour_le_porteur

DIRECT = 100  # up to here the person waits; beyond, the worker does it
TITRES = {
    "nom": "Nom de naissance",
    "usage": "Nom d’usage",
    "naissance": "Date de naissance",
    "insee": "Code INSEE de naissance",
    "postal": "Code postal de naissance",
    "etablissement": "Établissement",
    "formateur": "Organisme de formation",
    "voie": "Voie d’accès",
    "cqp": "CQP",
    "telephone": "Téléphone",
    "prenom1": "Premier prénom",
    "prenom2": "Deuxième prénom",
    "prenom3": "Troisième prénom",
}


@dataclass
class Lecteur:
    """Reads the rows of one file for one person: what is asked of the database once stands here."""

    saisie: SaisieGroupee
    feuille: Feuille
    vus: Counter = field(default_factory=Counter)

    def __post_init__(self):
        self.acteur, self.aujourd_hui = self.saisie.deposee_par, timezone.localdate()
        self.versions = list(versions_offertes(self.acteur))
        rang = self.feuille.colonnes.get("naissance")
        dates = [ligne[rang] for _, ligne in self.feuille.lignes if rang is not None and rang < len(ligne)]
        self.americaines = any(map(est_americaine, dates))

    def ligne(self, numero: int, cellules: list[str]) -> LigneSaisie | None:
        """The row as it will be stored, None for the example of the template; nothing is created."""
        masquees = [bool(ressemble_a_un_nir(cellule)) for cellule in cellules]
        propres = ["•••" if masque else cellule for cellule, masque in zip(cellules, masquees, strict=True)]
        brutes = self.feuille.valeurs(propres)
        if plier(brutes.get("nom", "")) == plier(EXEMPLE) and plier(brutes.get("prenom1", "")) == "elodie":
            return None
        lu = Lue(brutes, self)
        if any(masquees):
            lu.dire("", ERREUR, "Une cellule ressemble à un numéro de sécurité sociale\u00a0: retirez-la du fichier.")
        lu.lire()
        lu.comparer(self.vus)
        return LigneSaisie(
            saisie=self.saisie,
            numero=numero,
            sort=lu.sort,
            nom=f"{lu.civil['prenom1']} {lu.civil['nom_naissance']}".strip()[:130],
            brut=propres,
            valeurs={"civil": lu.civil, "dossier": lu.dossier},
            constats=lu.constats,
        )


@dataclass
class Lue:
    """One row being read."""

    brutes: dict[str, str]
    lecteur: Lecteur
    civil: dict = field(default_factory=dict)
    dossier: dict = field(default_factory=dict)
    constats: list = field(default_factory=list)

    def dire(self, cle: str, niveau: str, phrase: str) -> None:
        titre = TITRES.get(cle, capfirst(cle))
        self.constats.append({"niveau": niveau, "colonne": titre, "phrase": phrase})

    def noter(self, cle: str, constats: list[Constat]) -> None:
        for constat in constats:
            self.dire(cle, constat.niveau, constat.phrase)

    @property
    def sort(self) -> str:
        niveaux = {c["niveau"] for c in self.constats}
        if ERREUR in niveaux:
            return LigneSaisie.Sort.ERREUR
        return LigneSaisie.Sort.A_VERIFIER if DOUTE in niveaux else LigneSaisie.Sort.PRETE

    def texte(self, cle: str) -> str:
        valeur, constats = nettoyer(self.brutes.get(cle, ""))
        self.noter(cle, constats)
        return valeur

    def lire(self) -> None:
        self._personne()
        self._dossier()
        self._verifier()

    def _personne(self) -> None:
        civil = self.civil
        naissance, usage, constats = lire_noms(self.brutes.get("nom", ""))
        self.noter("nom", constats)
        civil |= {"nom_naissance": naissance, "nom_usage": self.texte("usage") or usage}
        civil |= {champ: self.texte(champ) for champ in ("prenom1", "prenom2", "prenom3")}
        for champ, nom in (("nom_naissance", "le nom de naissance"), ("prenom1", "le premier prénom")):
            if not civil[champ]:
                self.dire("nom" if champ == "nom_naissance" else champ, ERREUR, f"Il manque {nom}.")
        (annee, mois, jour), constats = lire_date(
            self.brutes.get("naissance", ""),
            self.lecteur.aujourd_hui,
            self.lecteur.americaines,
            self.lecteur.feuille.depuis_1904,
        )
        self.noter("naissance", constats)
        if not (annee or constats):
            self.dire("naissance", DOUTE, "Il manque la date de naissance\u00a0: elle sera à donner dans le brouillon.")
        civil |= {"annee_naissance": annee, "mois_naissance": mois, "jour_naissance": jour}
        for cle, champ, lecture in (
            ("sexe", "sexe", lire_sexe),
            ("insee", "code_insee_naissance", lire_code),
            ("postal", "code_postal_naissance", lire_code),
            ("telephone", "telephone", lire_telephone),
        ):
            civil[champ], constats = lecture(self.brutes.get(cle, ""))
            self.noter(cle, constats)
        civil |= {"courriel": self.texte("courriel"), "commune_naissance": self.texte("commune")}
        self._lieu()

    def _lieu(self) -> None:
        civil, pays = self.civil, self.texte("pays")
        civil |= {"pays_naissance": "99100", "libelle_pays_naissance": "France"}
        if pays and plier(pays) != "france" and pays != "99100":
            trouves = cog.lieux_etrangers(pays)
            if len(trouves) == 1:
                civil |= {"pays_naissance": trouves[0].code_pays, "libelle_pays_naissance": trouves[0].pays}
            else:
                civil |= {"pays_naissance": "", "libelle_pays_naissance": pays[:60]}
                self.dire("pays", DOUTE, "Pays non reconnu\u00a0: il sera à choisir dans le brouillon.")
        commune = civil["commune_naissance"]
        if commune and not civil["code_insee_naissance"] and civil["pays_naissance"] == "99100":
            parties = [
                int(civil[c]) if civil[c] else None for c in ("annee_naissance", "mois_naissance", "jour_naissance")
            ]
            exacts = [
                lieu
                for lieu in cog.chercher(commune, cog.Periode.de(*parties))
                if lieu.code_insee and cog.plier_lieu(lieu.commune) == cog.plier_lieu(commune)
            ]
            if len(exacts) == 1:
                civil["code_insee_naissance"] = exacts[0].code_insee
                self.dire("insee", CORRIGE, f"Code proposé d’après la commune\u00a0: {exacts[0].code_insee}. Vérifiez.")
            else:
                self.dire("insee", DOUTE, "Ce nom ne suffit pas\u00a0: le code sera à choisir dans le brouillon.")

    def _dossier(self) -> None:
        version = self._version()
        self.dossier = {"version": version and version.pk, "option": None, "formateur": None}
        self.dossier["voie"] = self._voie()
        self.dossier["etablissement"] = self._etablissement()
        option = self.texte("option")
        if version and option:
            trouvee = next(
                (o for o in version.options.all() if plier(option) in (plier(o.libelle), plier(o.code))), None
            )
            self.dossier["option"] = trouvee and trouvee.pk
            if trouvee is None:
                self.dire("option", DOUTE, "Option inconnue de ce CQP\u00a0: elle sera à choisir dans le brouillon.")
        siret, constats = lire_siret(self.brutes.get("formateur", ""))
        # The organisme may be told later: what is wrong here keeps nobody out.
        self.noter("formateur", [Constat(DOUTE if c.niveau == ERREUR else c.niveau, c.phrase) for c in constats])
        if siret:
            organisme = Organisme.objects.filter(siret=siret).first()
            self.dossier["formateur"] = organisme and organisme.pk
            if organisme is None:
                self.dire("formateur", DOUTE, "Organisme inconnu de la plateforme\u00a0: à donner dans le brouillon.")

    def _version(self):
        texte = plier(self.texte("cqp"))
        versions = self.lecteur.versions
        if not texte:
            return next((v for v in versions if v.pk == self.lecteur.saisie.version_id), None)
        trouvees = [
            v for v in versions if texte in (plier(v.numero), plier(v.intitule), plier(v.certification.intitule_usuel))
        ]
        if len(trouvees) == 1:
            return trouvees[0]
        self.dire("cqp", ERREUR, "CQP inconnu, ou qui ne vous est pas ouvert\u00a0: donnez le numéro de sa fiche.")
        return None

    def _voie(self) -> str:
        texte = plier(self.texte("voie"))
        if not texte:
            return self.lecteur.saisie.modalite_acces
        for valeur, nom in ModaliteAcces.choices:
            if texte in (plier(valeur), plier(nom)):
                return valeur
        self.dire("voie", ERREUR, "Voie d’accès inconnue\u00a0: choisissez une valeur de la liste du modèle.")
        return ""

    def _etablissement(self) -> int | None:
        siret, constats = lire_siret(self.brutes.get("etablissement", ""))
        self.noter("etablissement", constats)
        acteur = self.lecteur.acteur
        if not siret:
            if not self.lecteur.saisie.etablissement_id and not constats:
                self.dire("etablissement", ERREUR, "Il manque le SIRET de l’établissement.")
            return self.lecteur.saisie.etablissement_id
        siens = Organisme.objects.filter(pk__in=acteur.organismes_ids("employeur"))
        if pour_le_porteur(acteur):
            siens = Organisme.objects.filter(roles__nom="employeur").distinct()
        trouve = siens.filter(siret=siret).first()
        if trouve is None:
            self.dire("etablissement", ERREUR, "Vous n’ouvrez pas de dossier pour cet établissement.")
        return trouve and trouve.pk

    def _verifier(self) -> None:
        """What the entry itself would say, and what the verb would refuse."""
        form = personne_saisie(self.civil)
        for nom, phrases in form.errors.get_json_data().items():
            for phrase in phrases:
                if phrase["code"] != "required":
                    self.dire(str(form.fields[nom].label), DOUTE, phrase["message"])
        for doute in form.avertissements:
            if doute.champ == "pays_naissance" and not self.civil["pays_naissance"]:
                continue  # « Pays non reconnu » has been said; the form put the code of France in the empty field
            self.dire(str(form.fields[doute.champ].label), DOUTE, doute.phrase)
        if ERREUR in {c["niveau"] for c in self.constats}:
            return
        candidature, titulaire = dossier_lu(self.civil, self.dossier)
        certification = candidature.version.certification
        candidature.parcours = Parcours.objects.all().publie(certification, certification.porteur)
        candidature.porteur, candidature.ouverte_par = certification.porteur, self.lecteur.acteur
        candidature.titulaire = titulaire
        if candidature.parcours is None:
            self.dire("cqp", ERREUR, "Aucun parcours n’est publié pour ce CQP.")
            return
        for phrase in manques(VERBES[workflow.MODELE, "ouvrir"], candidature, self.lecteur.acteur):
            self.dire("", ERREUR, phrase)

    def comparer(self, vus: Counter) -> None:
        """The same person for the same CQP, twice in the file."""
        champs = ("annee_naissance", "mois_naissance", "jour_naissance")
        qui = (plier(self.civil["nom_naissance"]), plier(self.civil["prenom1"]))
        cle = (*qui, *(self.civil[c] for c in champs), self.dossier["version"])
        vus[cle] += all(qui)
        if vus[cle] > 1:
            self.dire("", ERREUR, "Cette personne est déjà plus haut dans le fichier, pour le même CQP.")


def personne_saisie(civil: dict) -> PersonneForm:
    """The row as the page « La personne » would have received it."""
    form = PersonneForm({f"titulaire-{champ}": valeur for champ, valeur in civil.items()}, instance=Titulaire())
    form.is_valid()
    return form


def dossier_lu(civil: dict, dossier: dict) -> tuple[Candidature, Titulaire]:
    """The unsaved dossier and person of a row; what has not its shape is kept aside, as the entry does."""
    form = personne_saisie(civil)
    form.vider_les_fautifs()
    candidature = Candidature(
        version_id=dossier["version"],
        option_id=dossier["option"],
        etablissement_id=dossier["etablissement"],
        organisme_formation_id=dossier["formateur"],
        modalite_acces=dossier["voie"],
        saisie={"personne": form.mal_ecrits} if form.mal_ecrits else {},
    )
    return candidature, form.instance


def analyser(saisie: SaisieGroupee) -> None:
    """The dry run: read each row and say what there is to say; done once, all or nothing."""
    with transaction.atomic():
        saisie = SaisieGroupee.objects.select_for_update().get(pk=saisie.pk)
        if saisie.analysee_le or saisie.purgee_le:
            return
        with saisie.fichier.open("rb") as fichier:
            lecteur = Lecteur(saisie, lire(fichier.read()))
        lignes = (lecteur.ligne(numero, cellules) for numero, cellules in lecteur.feuille.lignes)
        LigneSaisie.objects.bulk_create([ligne for ligne in lignes if ligne], batch_size=200)
        saisie.ignorees, saisie.analysee_le = lecteur.feuille.ignorees, timezone.now()
        saisie.save(update_fields=["ignorees", "analysee_le"])


def cle_de_la_ligne(saisie: SaisieGroupee, ligne: LigneSaisie) -> str:
    """The same row of the same file, by the same person for the same CQP: one dossier, however often it is sent."""
    graine = f"{saisie.sha256}|{ligne.numero}|{saisie.deposee_par_id}|{ligne.valeurs['dossier']['version']}"
    return hashlib.sha256(graine.encode()).hexdigest()


def creer(saisie: SaisieGroupee) -> None:
    """Open a draft for each good row, each on its own: one that is refused stops no other; taken up after a cut."""
    for ligne in saisie.lignes.filter(sort__in=(LigneSaisie.Sort.PRETE, LigneSaisie.Sort.A_VERIFIER)):
        candidature, titulaire = dossier_lu(**ligne.valeurs)
        cle, phrases = cle_de_la_ligne(saisie, ligne), []
        try:
            with transaction.atomic():
                deja = journal.deja_cree(cle, "ouvrir", candidature)
                origine = {"saisie_groupee": saisie.pk, "ligne": ligne.numero}
                ligne.candidature = deja or workflow.ouvrir(saisie.deposee_par, titulaire, candidature, cle, origine)
                ligne.sort = LigneSaisie.Sort.CREEE
                ligne.save(update_fields=["candidature", "sort"])
        except Refus as refus:
            phrases = refus.phrases
        except IntegrityError as erreur:
            phrases = phrases_de_contrainte(erreur)
        if phrases:
            ligne.candidature, ligne.sort = None, LigneSaisie.Sort.REFUSEE
            ligne.constats += [{"niveau": ERREUR, "colonne": "", "phrase": phrase} for phrase in phrases]
            ligne.save(update_fields=["candidature", "sort", "constats"])
    SaisieGroupee.objects.filter(pk=saisie.pk, terminee_le=None).update(terminee_le=timezone.now())


@task()
def analyser_plus_tard(pk: int) -> None:
    analyser(SaisieGroupee.objects.get(pk=pk))


@task()
def creer_plus_tard(pk: int) -> None:
    creer(SaisieGroupee.objects.get(pk=pk))


@quotidienne("Efface les classeurs de saisie groupée déposés il y a 30 jours")
def purger_saisies_groupees() -> str:
    """Delete the files and what was read in them; the dossiers opened stay."""
    nombre = 0
    for saisie in SaisieGroupee.objects.a_purger():
        saisie.fichier.delete(save=False)
        saisie.lignes.update(brut=[], valeurs={}, constats=[], nom="")
        saisie.purgee_le = timezone.now()
        saisie.save(update_fields=["fichier", "purgee_le"])
        nombre += 1
    return f"{nombre} classeur(s) effacé(s)."
