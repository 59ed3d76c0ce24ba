"""The words that the mails may hold. Objects come from the acts, under the names they have there; none is imported."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from .catalogue import variable


def _page(nom: str, *args) -> str:
    return settings.ADRESSE_PUBLIQUE + reverse(nom, args=args)


def _lien(cle: str):
    return lambda c: settings.ADRESSE_PUBLIQUE + c[cle].get_absolute_url()


def _jour(moment) -> str:
    return date_format(timezone.localtime(moment) if hasattr(moment, "hour") else moment, "j F Y")


def _heure(moment) -> str:
    return date_format(timezone.localtime(moment), r"G \h i")


def _acces(c: dict) -> str:
    if not c.get("compte"):
        return ""
    return (
        "Première visite\u202f? Choisissez votre mot de passe avec l’adresse qui a reçu ce message\u00a0:\n"
        f"{_page('account_reset_password')}"
    )


def _ouverture(c: dict) -> str:
    if c["nouveau"]:
        return (
            "Choisissez d’abord votre mot de passe. Donnez l’adresse à laquelle vous recevez ce courriel, vous y "
            f"recevrez un lien\u00a0:\n{_page('account_reset_password')}"
        )
    return (
        "Vous aviez déjà un compte à cette adresse\u00a0: cet établissement s’y ajoute. "
        f"Connectez-vous comme d’habitude\u00a0:\n{_page('account_login')}"
    )


def _decision(c: dict) -> str:
    etat = c["candidature"].etat
    if etat == "validee":
        return "Vous avez obtenu la certification. Félicitations\u202f! Le parchemin vous sera délivré prochainement."
    if etat == "partielle":
        acquis = "\n".join(f"- {d.bloc.libelle}" for d in c["inscription"].decisions.all() if d.acquis)
        suite = "Une attestation de réussite partielle vous sera délivrée."
        return f"Vous avez obtenu une partie des blocs de compétences\u00a0:\n{acquis}\n\n{suite}"
    if etat == "ajournee":
        return "Votre dossier est ajourné\u00a0: il sera examiné par une prochaine session."
    return "Le jury n’a pas validé de bloc de compétences."


def _recommandations(c: dict) -> str:
    texte = c["inscription"].recommandations
    return f"Recommandations du jury\u00a0:\n{texte}" if texte else ""


def _consigne_metier(c: dict) -> str:
    if not c["candidature"].parcours.metier_requis:
        return ""
    return "Invitez d’abord l’évaluateur métier\u00a0: il répond avant que vous ne saisissiez vos commentaires."


def _visio(c: dict) -> str:
    lien = c["session"].lien_visio
    return f"Visioconférence\u00a0: {lien}" if lien else ""


def _remise(c: dict) -> str:
    jour = c["session"].dossiers_ouverts_le
    if jour is None or jour <= timezone.localdate():
        return "Les dossiers vous sont ouverts dès maintenant, jusqu’au procès-verbal."
    return f"Les dossiers vous seront ouverts le {_jour(jour)}\u00a0: vous recevrez un courriel ce jour-là."


def _presence(c: dict) -> str:
    if not c["session"].candidats_recus:
        return "Le jury examine les dossiers sans recevoir les candidats\u00a0: personne n’a à se déplacer."
    consignes = c["session"].consignes
    suite = f" À apporter\u00a0:\n{consignes}" if consignes else ""
    return f"Le jury reçoit les candidats à l’heure dite, avec une pièce d’identité.{suite}"


def _lien_d_invitation(c: dict) -> str:
    return _page("invitation:repondre" if "candidature" in c else "accepter_invitation", c["jeton"])


def _document(c: dict) -> str:
    partiel = "Votre attestation de réussite partielle est délivrée"
    return partiel if c["partiel"] else "Votre parchemin est délivré"


def _depuis(c: dict) -> str:
    return _jour(c["depuis"])


# About a dossier.
variable("reference", "référence du dossier", lambda c: c["candidature"].reference, "CQP-2026-00042")
variable(
    "certification",
    "intitulé de la certification",
    lambda c: c["candidature"].version.intitule,
    "CQP Couvreur zingueur",
)
variable(
    "etablissement_du_dossier",
    "établissement qui présente le candidat",
    lambda c: c["candidature"].etablissement.raison_sociale,
    "Toitures du Causse",
)
variable("statut", "statut du dossier", lambda c: c["candidature"].get_etat_display(), "Validé")
variable("lien_dossier", "lien vers le dossier", _lien("candidature"), "ADRESSE/gestion/candidatures/42/")
variable(
    "candidat", "prénom et nom du candidat", lambda c: c["candidature"].titulaire.nom_complet, "Élodie Modèle", True
)
variable(
    "motif", "motif donné par la personne qui décide", lambda c: c["motif"], "Le diplôme joint n’est pas lisible.", True
)
variable(
    "acces_au_compte",
    "comment ouvrir son compte à la première visite (vide sans compte)",
    _acces,
    "Première visite\u202f? Choisissez votre mot de passe avec l’adresse qui a reçu ce message\u00a0:\n"
    "ADRESSE/compte/password/reset/",
)
variable("depuis", "date depuis laquelle on attend", _depuis, "14 novembre 2026")
variable("echeance", "date limite", lambda c: _jour(c["echeance"]), "6 décembre 2026")
# About the évaluateurs.
variable(
    "consigne_metier",
    "rappel d’inviter l’évaluateur métier, si le parcours le demande",
    _consigne_metier,
    "Invitez d’abord l’évaluateur métier\u00a0: il répond avant que vous ne saisissiez vos commentaires.",
)
variable("invite", "nom de la personne invitée", lambda c: c["invitation"].nom, "Dominique Métier", True)
variable("fonction", "fonction de la personne invitée", lambda c: c["invitation"].fonction, "chef d’équipe")
variable("lien_invitation", "lien personnel à usage unique", _lien_d_invitation, "ADRESSE/invitation/xxxxxxxx/")
variable("expiration", "dernier jour du lien", lambda c: _jour(c["invitation"].expire_le), "14 décembre 2026")
# About a sitting.
variable("jury", "nature du jury", lambda c: c["session"].get_instance_display(), "jury paritaire qui décide")
variable("date_session", "jour de la session", lambda c: _jour(c["session"].debut), "17 décembre 2026")
variable("heure_session", "heure de la session", lambda c: _heure(c["session"].debut), "9 h 30")
variable("lieu_session", "lieu de la session", lambda c: c["session"].lieu or "à distance", "Paris")
variable(
    "visioconference",
    "lien de visioconférence, s’il y en a un",
    _visio,
    "Visioconférence\u00a0: https://visio.example.org/jury",
)
variable(
    "remise_des_dossiers",
    "jour où les membres lisent les dossiers",
    _remise,
    "Les dossiers vous seront ouverts le 2 décembre 2026\u00a0: vous recevrez un courriel ce jour-là.",
)
variable(
    "presence_des_candidats",
    "ce qui est attendu des candidats",
    _presence,
    "Le jury examine les dossiers sans recevoir les candidats\u00a0: personne n’a à se déplacer.",
)
variable(
    "dossiers_presentes",
    "dossiers de l’établissement, par référence",
    lambda c: "\n".join(f"- {reference}" for reference in c["references"]),
    "- CQP-2026-00042\n- CQP-2026-00043",
)
variable(
    "changements",
    "ce qui change, ligne par ligne",
    lambda c: "\n".join(c["changements"]),
    "- Lieu\u00a0: Lyon (au lieu de\u00a0: Paris)",
)
variable(
    "manques_du_jury",
    "ce qui manque au jury, en nombres",
    lambda c: "\n".join(f"- {phrase}" for phrase in c["manques"]),
    "- Collège salariés\u00a0: 1 siège pourvu, il en faut au moins 3.",
)
variable("lien_session", "lien vers la session", _lien("session"), "ADRESSE/gestion/jurys/7/")
variable("date_jury", "jour du jury qui a décidé", lambda c: _jour(c["inscription"].session.debut), "17 décembre 2026")
variable(
    "decision",
    "décision du jury, en clair",
    _decision,
    "Vous avez obtenu la certification. Félicitations\u202f! Le parchemin vous sera délivré prochainement.",
    True,
)
variable(
    "recommandations",
    "recommandations du jury, s’il y en a",
    _recommandations,
    "Recommandations du jury\u00a0:\nPoursuivre la pratique de la zinguerie.",
    True,
)
variable("document", "document délivré, en une phrase", _document, "Votre parchemin est délivré")
# About accounts.
variable(
    "demandeur", "prénom et nom de la personne qui demande", lambda c: c["demande"].demandeur, "Alix Exemple", True
)
variable(
    "fonction_demandeur", "sa fonction", lambda c: c["demande"].fonction, "responsable des ressources humaines", True
)
variable("courriel_demandeur", "son adresse électronique", lambda c: c["demande"].courriel, "alix@example.org", True)
variable("telephone_demandeur", "son téléphone", lambda c: c["demande"].telephone, "01 99 00 00 00", True)
variable("etablissement", "établissement", lambda c: c["demande"].raison_sociale, "Toitures du Causse")
variable("commune", "commune de l’établissement", lambda c: c["demande"].commune, "Mende")
variable("siret", "SIRET de l’établissement", lambda c: c["demande"].siret, "000 000 000 00000")
variable("lien_demande", "lien vers la demande", _lien("demande"), "ADRESSE/gestion/comptes/demandes/3/")
variable(
    "lien_demandes", "lien vers les demandes", lambda c: _page("comptes:demandes"), "ADRESSE/gestion/comptes/demandes/"
)
variable(
    "lien_inviter",
    "lien pour inviter un collègue",
    lambda c: _page("comptes:inviter"),
    "ADRESSE/gestion/comptes/invitations/nouvelle/",
)
variable("lien_demander", "lien pour demander un compte", lambda c: _page("demande_compte"), "ADRESSE/compte/demander/")
variable(
    "ouverture_du_compte",
    "comment se connecter la première fois",
    _ouverture,
    "Choisissez d’abord votre mot de passe. Donnez l’adresse à laquelle vous recevez ce courriel, vous y recevrez un "
    "lien\u00a0:\nADRESSE/compte/password/reset/",
)
variable("role_propose", "rôle proposé", lambda c: c["invitation"].fonction, "évaluateur habilité, CPNE du bâtiment")
variable(
    "lien_invitations",
    "lien vers les invitations",
    lambda c: _page("comptes:invitations"),
    "ADRESSE/gestion/comptes/invitations/",
)
