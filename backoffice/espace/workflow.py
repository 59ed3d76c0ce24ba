"""The verbs of a correction of civil status: the candidate asks and proves, the porteur compares and answers."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.forms import MotifForm
from backoffice.candidatures.models import NON_DECLARES
from backoffice.courriels import adresses, composer
from registre.models import Organisme, Titulaire
from registre.models.parchemins import stockage_prive
from registre.transitions import executer, verbe

from .corrections import corriger, documents_a_remplacer, fautes
from .models import DemandeCorrection, VerificationEtatCivil
from .renouvellement import preparer_les_remplacements

CORRECTION, VERIFICATION = "espace.demandecorrection", "espace.verificationetatcivil"
Etat = DemandeCorrection.Etat


def porteurs_de(titulaire: Titulaire):
    """The bodies that run a declared dossier of this person."""
    declares = titulaire.candidatures.exclude(etat__in=NON_DECLARES)
    return Organisme.objects.filter(pk__in=declares.values("porteur")).order_by("raison_sociale")


def verification_en_cours(titulaire: Titulaire):
    """What the staff asked this person to check, while it awaits their answer."""
    return VerificationEtatCivil.objects.ouvertes().filter(titulaire=titulaire).first()


def _demandable(demande, acteur, donnees):
    if not demande.valeurs:
        yield "Rien ne change\u00a0: modifiez au moins une information de votre état civil."
    verification = verification_en_cours(demande.titulaire)
    if not demande.justificatif and (verification is None or verification.preuve_demandee):
        yield "Il manque le justificatif\u00a0: joignez l’acte de naissance ou la pièce d’identité."
    if DemandeCorrection.objects.filter(titulaire=demande.titulaire, etat=Etat.DEPOSEE).exists():
        yield "Une demande de correction attend déjà sa réponse\u00a0: retirez-la pour en faire une autre."
    if verification is None and not porteurs_de(demande.titulaire).exists():
        yield "Aucun porteur ne suit de dossier à votre nom\u00a0: écrivez au certificateur."


def _aux_porteurs(demande, acteur, donnees, resultat):
    gens = {a for porteur in porteurs_de(demande.titulaire) for a in adresses("gestionnaire", porteur)}
    if verification := resultat["verification"]:
        gens.add(verification.envoyee_par.email)
    return [composer("correction_demandee", adresse, correction=demande) for adresse in sorted(gens)]


@verbe(
    CORRECTION,
    "deposer_correction",
    libelle="Demander la correction de mon état civil",
    roles=("candidat", "titulaire"),
    etape=2,
    vers=(Etat.DEPOSEE,),
    conditions=_demandable,
    courriels=_aux_porteurs,
    creation=True,
)
def _deposer_correction(demande, acteur, donnees):
    verification = verification_en_cours(demande.titulaire)
    if verification:
        suite = {"correction": demande}
        executer(VERIFICATION, "repondre_verification", verification, acteur, suite, par="deposer_correction")
    return {"details": {"champs": sorted(demande.valeurs)}, "verification": verification}


def detruire_justificatif(demande: DemandeCorrection) -> None:
    """Forget the identity document now, and its file once the act is stored.

    The file goes after the transaction: an act that fails must leave the proof where it was.
    """
    nom, demande.justificatif, demande.type_mime = demande.justificatif.name, "", ""
    if nom:
        transaction.on_commit(lambda: stockage_prive().delete(nom))


def _repondre(demande: DemandeCorrection) -> None:
    demande.avant = {champ: getattr(demande.titulaire, champ) for champ in demande.valeurs}
    demande.decidee_le = timezone.now()
    detruire_justificatif(demande)


def _au_candidat(modele):
    def preparer(demande, acteur, donnees, resultat):
        suite = {"documents": resultat.get("documents", []), "motif": donnees.get("motif", "")}
        # Without an account there is no page to read the answer on: the mail says it.
        code = modele if demande.titulaire.utilisateur_id else f"{modele}_sans_compte"
        return [composer(code, demande.titulaire.courriel, correction=demande, **suite)]

    return preparer


def _acceptee(demande, acteur, donnees, resultat):
    """The candidate, and those who must replace by themselves a document that carries the former civil status."""
    a_la_main = [ligne for ligne in resultat["documents"] if ligne["remplacement"] is None]
    gens = {a for ligne in a_la_main for a in adresses("certificateur", ligne["certificateur"])}
    return [
        *_au_candidat("correction_acceptee")(demande, acteur, donnees, resultat),
        *(composer("document_a_remplacer", a, correction=demande) for a in sorted(gens)),
    ]


@verbe(
    CORRECTION,
    "accepter_correction",
    libelle="Accepter la correction",
    roles=("gestionnaire", "certificateur"),
    etape=2,
    de=(Etat.DEPOSEE,),
    vers=(Etat.ACCEPTEE,),
    conditions=lambda demande, acteur, donnees: fautes(demande),
    courriels=_acceptee,
    principal=True,
    attendu=Q(),
    attente="Le porteur vérifie une correction d’état civil",
    aide="Comparez d’abord la demande avec le justificatif\u00a0: il est détruit dès la réponse. Si l’identité "
    "imprimée change, le remplacement du document est préparé\u202f; un signataire l’approuve.",
)
def _accepter_correction(demande, acteur, donnees):
    # Locked and read again: two rooms may write the same person at once.
    demande.titulaire = Titulaire.objects.select_for_update(of=("self",)).get(pk=demande.titulaire_id)
    _repondre(demande)
    corrige = corriger(demande)
    corrige.save()
    _accorder_le_compte(demande, corrige)
    documents = documents_a_remplacer(demande)
    preparer_les_remplacements(documents, corrige, demande, acteur)
    prepares = sorted(ligne["remplacement"].pk for ligne in documents if ligne["remplacement"])
    details = {"champs": sorted(demande.valeurs)} | ({"remplacements": prepares} if prepares else {})
    return {"details": details, "documents": documents}


def _accorder_le_compte(demande: DemandeCorrection, corrige: Titulaire) -> None:
    """The account shows the names it was opened with: let it follow the person, unless it was named otherwise."""
    compte, ancien = corrige.utilisateur, demande.titulaire
    if compte and (compte.prenom, compte.nom) == (ancien.prenom1, ancien.nom_naissance):
        compte.prenom, compte.nom = corrige.prenom1, corrige.nom_naissance
        compte.save(update_fields=["prenom", "nom"])


@verbe(
    CORRECTION,
    "refuser_correction",
    libelle="Refuser la correction",
    roles=("gestionnaire", "certificateur"),
    etape=2,
    de=(Etat.DEPOSEE,),
    vers=(Etat.REFUSEE,),
    formulaire=MotifForm,
    courriels=_au_candidat("correction_refusee"),
    danger=True,
    aide="L’état civil ne change pas. Le justificatif est détruit.",
)
def _refuser_correction(demande, acteur, donnees):
    _repondre(demande)
    return {}


@verbe(
    CORRECTION,
    "retirer_correction",
    libelle="Retirer ma demande",
    roles=("candidat",),
    etape=2,
    de=(Etat.DEPOSEE,),
    vers=(Etat.RETIREE,),
    danger=True,
    aide="L’état civil ne change pas, et le justificatif est détruit. Vous pourrez faire une autre demande.",
)
def _retirer_correction(demande, acteur, donnees):
    _repondre(demande)
    return {}
