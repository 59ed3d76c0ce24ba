"""The mails of the product, step by step: when each goes, to whom, with which words."""

from . import variables  # noqa: F401 (declares them)
from .catalogue import courriel

DOSSIER = ("reference", "certification", "etablissement_du_dossier", "lien_dossier")
SEANCE = ("jury", "date_session", "heure_session", "lieu_session", "visioconference")
PERSONNE = ("demandeur", "fonction_demandeur", "courriel_demandeur", "telephone_demandeur")
PORTEUR, EMPLOYEUR, CANDIDAT = "Les gestionnaires du porteur", "L’employeur", "Le candidat"
EVALUATEUR = "L’évaluateur habilité"
GESTIONNAIRES, EMPLOYEURS, EVALUATEURS = ("gestionnaire",), ("employeur",), ("evaluateur",)
QUI_INSCRIT = ("employeur", "gestionnaire")
INSCRIPTION, EVALUATION, JURY, DELIVRANCE, COMPTES, RELANCES = (
    "Inscription et recevabilité",
    "Évaluation",
    "Jury",
    "Délivrance",
    "Comptes",
    "Rappels et relances",
)

courriel(
    "candidature_deposee",
    "Candidature à examiner",
    quand="Une candidature est déposée",
    a_qui=PORTEUR,
    variables=DOSSIER,
    famille=INSCRIPTION,
    obligatoires=("lien_dossier",),
    facultatif_pour=GESTIONNAIRES,
)
courriel(
    "candidature_incomplete",
    "Candidature à compléter",
    quand="Le porteur déclare la candidature incomplète",
    a_qui=EMPLOYEUR,
    variables=(*DOSSIER, "motif"),
    famille=INSCRIPTION,
    obligatoires=("motif", "lien_dossier"),
)
courriel(
    "candidature_complete",
    "Candidature complète",
    quand="Le porteur déclare le dossier complet",
    a_qui=EMPLOYEUR,
    variables=DOSSIER,
    famille=INSCRIPTION,
    obligatoires=("lien_dossier",),
)
courriel(
    "candidature_irrecevable",
    "Candidature non recevable",
    quand="Le porteur déclare la candidature non recevable",
    a_qui=EMPLOYEUR,
    variables=(*DOSSIER, "motif"),
    famille=INSCRIPTION,
    obligatoires=("motif",),
)
courriel(
    "candidature_recevable",
    "Candidature recevable (employeur)",
    quand="Le porteur déclare la candidature recevable",
    a_qui=EMPLOYEUR,
    variables=DOSSIER,
    famille=INSCRIPTION,
    obligatoires=("lien_dossier",),
    facultatif_pour=EMPLOYEURS,
)
courriel(
    "candidat_recevable",
    "Candidature recevable (candidat)",
    quand="Le porteur déclare la candidature recevable",
    a_qui=CANDIDAT,
    variables=("reference", "certification", "candidat", "acces_au_compte"),
    famille=INSCRIPTION,
    obligatoires=("acces_au_compte",),
)
courriel(
    "evaluateur_confirme",
    "Dossier confié à un évaluateur",
    quand="L’évaluateur habilité est confirmé",
    a_qui=EVALUATEUR,
    variables=(*DOSSIER, "consigne_metier"),
    famille=EVALUATION,
    obligatoires=("lien_dossier",),
    facultatif_pour=EVALUATEURS,
)
courriel(
    "invitation_metier",
    "Invitation de l’évaluateur métier",
    quand="L’évaluateur habilité invite, ou renvoie l’invitation",
    a_qui="L’évaluateur métier, sans compte",
    variables=("invite", "fonction", "candidat", "certification", "lien_invitation", "expiration"),
    famille=EVALUATION,
    obligatoires=("lien_invitation",),
)
courriel(
    "metier_a_repondu",
    "Réponse de l’évaluateur métier",
    quand="L’évaluateur métier a répondu",
    a_qui=EVALUATEUR,
    variables=DOSSIER,
    famille=EVALUATION,
    obligatoires=("lien_dossier",),
    facultatif_pour=EVALUATEURS,
)
courriel(
    "evaluation_transmise",
    "Évaluation terminée",
    quand="L’évaluation est transmise",
    a_qui="L’employeur et les gestionnaires du porteur",
    variables=DOSSIER,
    famille=EVALUATION,
    obligatoires=("lien_dossier",),
    facultatif_pour=QUI_INSCRIT,
)
courriel(
    "evaluation_rouverte",
    "Évaluation rouverte",
    quand="Le porteur rouvre l’évaluation",
    a_qui=EVALUATEUR,
    variables=(*DOSSIER, "motif"),
    famille=EVALUATION,
    obligatoires=("motif", "lien_dossier"),
)
courriel(
    "evaluateur_remplace",
    "Dossier confié à un autre évaluateur",
    quand="Le porteur remplace un évaluateur habilité",
    a_qui="L’évaluateur remplacé",
    variables=("reference", "certification"),
    famille=EVALUATION,
    obligatoires=("reference",),
)
courriel(
    "lien_declare",
    "Lien déclaré avec un candidat",
    quand="Un lien entre un évaluateur et le candidat est déclaré",
    a_qui=PORTEUR,
    variables=DOSSIER,
    famille=EVALUATION,
    obligatoires=("lien_dossier",),
)
courriel(
    "habilitation",
    "Habilitation à évaluer",
    quand="Une habilitation est accordée, prolongée ou retirée",
    a_qui=EVALUATEUR,
    variables=(),
    famille=EVALUATION,
    modifiable=False,
)
courriel(
    "inscrit_au_jury",
    "Inscription à un jury",
    quand="Le dossier est inscrit à une session",
    a_qui=CANDIDAT,
    variables=("reference", "certification", "candidat", "date_session", "heure_session", "lieu_session"),
    famille=JURY,
    obligatoires=("date_session",),
)
courriel(
    "convocation_jury",
    "Convocation au jury",
    quand="Une personne est nommée membre d’une session",
    a_qui="Le membre du jury",
    variables=(*SEANCE, "lien_session"),
    famille=JURY,
    obligatoires=("date_session", "heure_session", "lien_session"),
)
courriel(
    "decision_candidat",
    "Décision du jury (candidat)",
    quand="Le PV du jury est scellé",
    a_qui=CANDIDAT,
    variables=("reference", "certification", "candidat", "date_jury", "decision", "recommandations", "lien_dossier"),
    famille=JURY,
    obligatoires=("decision",),
)
courriel(
    "decision_employeur",
    "Décision du jury (employeur)",
    quand="Le PV du jury est scellé",
    a_qui=EMPLOYEUR,
    variables=(*DOSSIER, "date_jury", "statut"),
    famille=JURY,
    obligatoires=("statut",),
    facultatif_pour=EMPLOYEURS,
)
courriel(
    "delivrance_a_approuver",
    "Document à approuver",
    quand="La délivrance est préparée",
    a_qui="Les signataires habilités",
    variables=DOSSIER,
    famille=DELIVRANCE,
    obligatoires=("lien_dossier",),
    facultatif_pour=("signataire",),
)
courriel(
    "document_delivre",
    "Document délivré (candidat)",
    quand="La délivrance est approuvée",
    a_qui=CANDIDAT,
    variables=("document", "reference", "certification", "candidat", "lien_dossier", "acces_au_compte"),
    famille=DELIVRANCE,
    obligatoires=("document", "lien_dossier", "acces_au_compte"),
)
courriel(
    "document_delivre_employeur",
    "Document délivré (employeur)",
    quand="La délivrance est approuvée",
    a_qui=EMPLOYEUR,
    variables=DOSSIER,
    famille=DELIVRANCE,
    facultatif_pour=EMPLOYEURS,
)
courriel(
    "compte_demande",
    "Demande de compte",
    quand="Un établissement demande un compte",
    a_qui="Les gestionnaires du porteur, sinon le certificateur",
    variables=(*PERSONNE, "etablissement", "commune", "siret", "lien_demande"),
    famille=COMPTES,
    obligatoires=("lien_demande",),
    facultatif_pour=("gestionnaire", "certificateur"),
)
courriel(
    "compte_demande_double",
    "Seconde demande pour le même établissement",
    quand="Une demande attend déjà pour ce SIRET",
    a_qui="Ceux qui répondent à la première demande",
    variables=(*PERSONNE, "etablissement", "siret", "lien_demandes"),
    famille=COMPTES,
    obligatoires=("lien_demandes",),
    facultatif_pour=("gestionnaire", "certificateur"),
)
courriel(
    "compte_collegue",
    "Demande d’un collègue",
    quand="L’établissement a déjà un compte",
    a_qui="Les titulaires du compte",
    variables=(*PERSONNE, "etablissement", "lien_inviter"),
    famille=COMPTES,
    obligatoires=("lien_inviter",),
)
courriel(
    "compte_approuve",
    "Compte ouvert",
    quand="La demande de compte est approuvée",
    a_qui="La personne qui l’a faite",
    variables=(*PERSONNE, "etablissement", "ouverture_du_compte"),
    famille=COMPTES,
    obligatoires=("ouverture_du_compte",),
    page="pilotage:accueil",
)
courriel(
    "compte_refuse",
    "Compte refusé",
    quand="La demande de compte est refusée",
    a_qui="La personne qui l’a faite",
    variables=(*PERSONNE, "etablissement", "motif", "lien_demander"),
    famille=COMPTES,
    obligatoires=("motif",),
    page="demande_compte",
)
courriel(
    "compte_invitation",
    "Invitation à un rôle",
    quand="Une personne est invitée, ou l’invitation est renvoyée",
    a_qui="La personne invitée",
    variables=("role_propose", "lien_invitation", "expiration"),
    famille=COMPTES,
    obligatoires=("role_propose", "lien_invitation", "expiration"),
)

RELANCE = (*DOSSIER, "depuis")
courriel(
    "relance_incomplet",
    "Relance\u00a0: dossier à compléter",
    quand="Le dossier reste à compléter",
    a_qui=EMPLOYEUR,
    variables=RELANCE,
    famille=RELANCES,
    obligatoires=("lien_dossier",),
    facultatif_pour=EMPLOYEURS,
)
courriel(
    "relance_recevabilite",
    "Relance\u00a0: recevabilité à examiner",
    quand="La candidature attend toujours son examen",
    a_qui=PORTEUR,
    variables=RELANCE,
    famille=RELANCES,
    obligatoires=("lien_dossier",),
    facultatif_pour=GESTIONNAIRES,
)
courriel(
    "relance_evaluation",
    "Relance\u00a0: évaluation attendue",
    quand="L’évaluation attend toujours",
    a_qui=EVALUATEUR,
    variables=RELANCE,
    famille=RELANCES,
    obligatoires=("lien_dossier",),
    facultatif_pour=EVALUATEURS,
)
courriel(
    "relance_metier",
    "Relance\u00a0: avis de l’évaluateur métier",
    quand="L’invitation reste sans réponse",
    a_qui="L’évaluateur métier, sans compte",
    variables=("invite", "fonction", "certification", "depuis", "expiration"),
    famille=RELANCES,
    obligatoires=("depuis",),
)
courriel(
    "relance_metier_evaluateur",
    "Relance\u00a0: l’évaluateur métier n’a pas répondu",
    quand="L’invitation reste sans réponse",
    a_qui=EVALUATEUR,
    variables=(*RELANCE, "expiration"),
    famille=RELANCES,
    obligatoires=("lien_dossier",),
    facultatif_pour=EVALUATEURS,
)
courriel(
    "relance_inscription_jury",
    "Rappel\u00a0: inscriptions au jury",
    quand="La date limite d’inscription approche",
    a_qui="L’employeur, sinon les gestionnaires du porteur",
    variables=(*DOSSIER, "echeance"),
    famille=RELANCES,
    obligatoires=("echeance", "lien_dossier"),
    facultatif_pour=QUI_INSCRIT,
)
courriel(
    "relance_session_jury",
    "Rappel\u00a0: session de jury",
    quand="La session approche",
    a_qui="Les membres du jury",
    variables=(*SEANCE, "lien_session"),
    famille=RELANCES,
    obligatoires=("date_session", "heure_session", "lien_session"),
)
courriel(
    "relance_invitation",
    "Relance\u00a0: invitation à un rôle",
    quand="L’invitation reste sans réponse",
    a_qui="La personne invitée",
    variables=("role_propose", "depuis", "expiration"),
    famille=RELANCES,
    obligatoires=("depuis",),
    page=None,
)
courriel(
    "relance_invitation_invitant",
    "Relance\u00a0: une de vos invitations",
    quand="L’invitation reste sans réponse",
    a_qui="La personne qui l’a envoyée",
    variables=("role_propose", "depuis", "expiration", "lien_invitations"),
    famille=RELANCES,
    obligatoires=("lien_invitations",),
    facultatif_pour=("certificateur", "gestionnaire", "employeur"),
)
