"""The mails of the product, step by step: when each goes, to whom, with which words.

A row reads: code, title, when it goes, to whom, its words (« ! »: it may not be written without), and, when it has
any, the roles that may do without it by mail, then its rare options.
"""

from . import variables  # noqa: F401 (declares them)
from .catalogue import courriels

DOSSIER = ("reference", "certification", "etablissement_du_dossier", "lien_dossier")
AU_DOSSIER = (*DOSSIER[:-1], "lien_dossier!")
RELANCE = (*AU_DOSSIER, "depuis")
CANDIDATURE = ("reference", "certification", "candidat")
SEANCE = ("jury", "date_session!", "heure_session!", "lieu_session", "visioconference")
PERSONNE = ("demandeur", "fonction_demandeur", "courriel_demandeur", "telephone_demandeur")
PORTEUR, EMPLOYEUR, CANDIDAT = "Les gestionnaires du porteur", "L’employeur", "Le candidat"
EVALUATEUR = "L’évaluateur habilité"
GESTIONNAIRES, EMPLOYEURS, EVALUATEURS = ("gestionnaire",), ("employeur",), ("evaluateur",)
QUI_INSCRIT, QUI_OUVRE = ("employeur", "gestionnaire"), ("gestionnaire", "certificateur")

# fmt: off
courriels("Inscription et recevabilité", [
    ("candidature_deposee",     "Candidature à examiner",
     "Une candidature est déposée", PORTEUR, AU_DOSSIER, GESTIONNAIRES),
    ("candidature_incomplete",  "Candidature à compléter",
     "Le porteur déclare la candidature incomplète", EMPLOYEUR, (*AU_DOSSIER, "motif!")),
    ("candidature_complete",    "Candidature complète",
     "Le porteur déclare le dossier complet", EMPLOYEUR, AU_DOSSIER),
    ("candidature_irrecevable", "Candidature non recevable",
     "Le porteur déclare la candidature non recevable", EMPLOYEUR, (*DOSSIER, "motif!")),
    ("candidature_recevable",   "Candidature recevable (employeur)",
     "Le porteur déclare la candidature recevable", EMPLOYEUR, AU_DOSSIER, EMPLOYEURS),
    ("candidat_recevable",      "Candidature recevable (candidat)",
     "Le porteur déclare la candidature recevable", CANDIDAT, (*CANDIDATURE, "acces_au_compte!")),
])
courriels("Évaluation", [
    ("evaluateur_confirme",  "Dossier confié à un évaluateur",
     "L’évaluateur habilité est confirmé", EVALUATEUR, (*AU_DOSSIER, "consigne_metier"), EVALUATEURS),
    ("invitation_metier",    "Invitation de l’évaluateur métier",
     "L’évaluateur habilité invite, ou renvoie l’invitation", "L’évaluateur métier, sans compte",
     ("invite", "fonction", "candidat", "certification", "lien_invitation!", "expiration")),
    ("metier_a_repondu",     "Réponse de l’évaluateur métier",
     "L’évaluateur métier a répondu", EVALUATEUR, AU_DOSSIER, EVALUATEURS),
    ("evaluation_transmise", "Évaluation terminée",
     "L’évaluation est transmise", "L’employeur et les gestionnaires du porteur", AU_DOSSIER, QUI_INSCRIT),
    ("evaluation_rouverte",  "Évaluation rouverte",
     "Le porteur rouvre l’évaluation", EVALUATEUR, (*AU_DOSSIER, "motif!")),
    ("evaluateur_remplace",  "Dossier confié à un autre évaluateur",
     "Le porteur remplace un évaluateur habilité", "L’évaluateur remplacé", ("reference!", "certification")),
    ("lien_declare",         "Lien déclaré avec un candidat",
     "Un lien entre un évaluateur et le candidat est déclaré", PORTEUR, AU_DOSSIER),
    ("habilitation",         "Habilitation à évaluer",
     "Une habilitation est accordée, prolongée ou retirée", EVALUATEUR, (), (), {"modifiable": False}),
])
courriels("Jury", [
    ("inscrit_au_jury",    "Inscription à un jury",
     "Le dossier est inscrit à une session", CANDIDAT,
     (*CANDIDATURE, "date_session!", "heure_session", "lieu_session")),
    ("convocation_jury",   "Convocation au jury (membre)",
     "Les convocations d’une session sont envoyées", "Le membre du jury",
     (*SEANCE, "remise_des_dossiers", "lien_session!")),
    ("convocation_candidat", "Convocation au jury (candidat)",
     "Les convocations d’une session sont envoyées", CANDIDAT,
     (*CANDIDATURE, *SEANCE, "presence_des_candidats!", "lien_dossier")),
    ("convocation_employeur", "Convocation au jury (employeur)",
     "Les convocations d’une session sont envoyées", EMPLOYEUR,
     (*SEANCE, "dossiers_presentes!", "presence_des_candidats", "lien_session")),
    ("dossiers_ouverts",   "Dossiers ouverts aux membres du jury",
     "Les dossiers d’une session s’ouvrent à ses membres", "Les membres du jury", (*SEANCE, "lien_session!")),
    ("session_modifiee",   "Session modifiée (membre)",
     "La date, le lieu ou les consignes d’une session changent", "Les membres convoqués",
     (*SEANCE, "changements!", "lien_session")),
    ("session_modifiee_candidat", "Session modifiée (candidat)",
     "La date, le lieu ou les consignes d’une session changent", "Les candidats convoqués",
     (*CANDIDATURE, *SEANCE, "changements!", "presence_des_candidats", "lien_dossier")),
    ("session_modifiee_employeur", "Session modifiée (employeur)",
     "La date, le lieu ou les consignes d’une session changent", "L’employeur des candidats convoqués",
     (*SEANCE, "changements!", "dossiers_presentes", "lien_session")),
    ("session_annulee",    "Session annulée (membre)",
     "Une session est annulée", "Les membres du jury", (*SEANCE, "motif!", "lien_session")),
    ("session_annulee_candidat", "Session annulée (candidat)",
     "Une session est annulée", CANDIDAT, (*CANDIDATURE, *SEANCE, "motif!", "lien_dossier")),
    ("session_annulee_employeur", "Session annulée (employeur)",
     "Une session est annulée", EMPLOYEUR, (*SEANCE, "motif!", "dossiers_presentes!", "lien_session")),
    ("retrait_du_jury",    "Retrait d’une session",
     "Le dossier est retiré d’une session", CANDIDAT, (*CANDIDATURE, "date_session", "motif!", "lien_dossier")),
    ("transfert_de_jury",  "Transfert à une autre session",
     "Le dossier est transféré à une autre session", CANDIDAT, (*CANDIDATURE, *SEANCE, "lien_dossier")),
    ("place_obtenue",      "Place obtenue dans une session complète",
     "Une place se libère", "L’employeur, et la personne qui l’a demandée", (*AU_DOSSIER, *SEANCE), QUI_INSCRIT),
    ("excuse_jury",        "Absence excusée",
     "Un membre ne pourra pas venir", "Les organisateurs et le secrétaire", (), (), {"modifiable": False}),
    ("suppleance_jury",    "Suppléance dans un jury",
     "Un titulaire s’excuse", "Le suppléant", (*SEANCE, "lien_session!")),
    ("procuration_jury",   "Procuration reçue",
     "Un membre absent confie sa voix", "Le membre qui la portera", (*SEANCE, "lien_session!")),
    ("retrait_jury",       "Siège libéré",
     "Un membre est retiré d’une session à venir", "Le membre du jury", (), (), {"modifiable": False, "page": None}),
    ("mandat",             "Mandat de membre de jury",
     "Un mandat est donné, renouvelé ou retiré", "Le membre du jury", (), (), {"modifiable": False}),
    ("fin_mandat",         "Fin prochaine d’un mandat",
     "Un mandat prend bientôt fin", "Le membre et le certificateur", (), (), {"modifiable": False}),
])
courriels("Délivrance", [
    ("delivrance_a_approuver",     "Document à approuver",
     "La délivrance est préparée", "Les signataires habilités", AU_DOSSIER, ("signataire",)),
    ("document_delivre",           "Document délivré (candidat)",
     "La délivrance est approuvée", CANDIDAT,
     ("document!", "reference", "certification", "candidat", "lien_dossier!", "acces_au_compte!")),
    ("document_delivre_employeur", "Document délivré (employeur)",
     "La délivrance est approuvée", EMPLOYEUR, DOSSIER, EMPLOYEURS),
])
courriels("Comptes", [
    ("compte_demande",        "Demande de compte",
     "Un établissement demande un compte", "Les gestionnaires du porteur, sinon le certificateur",
     (*PERSONNE, "etablissement", "commune", "siret", "lien_demande!"), QUI_OUVRE),
    ("compte_demande_double", "Seconde demande pour le même établissement",
     "Une demande attend déjà pour ce SIRET", "Ceux qui répondent à la première demande",
     (*PERSONNE, "etablissement", "siret", "lien_demandes!"), QUI_OUVRE),
    ("compte_collegue",       "Demande d’un collègue",
     "L’établissement a déjà un compte", "Les titulaires du compte",
     (*PERSONNE, "etablissement", "lien_inviter!")),
    ("compte_approuve",       "Compte ouvert",
     "La demande de compte est approuvée", "La personne qui l’a faite",
     (*PERSONNE, "etablissement", "ouverture_du_compte!"), (), {"page": "pilotage:accueil"}),
    ("compte_refuse",         "Compte refusé",
     "La demande de compte est refusée", "La personne qui l’a faite",
     (*PERSONNE, "etablissement", "motif!", "lien_demander"), (), {"page": "demande_compte"}),
    ("compte_invitation",     "Invitation à un rôle",
     "Une personne est invitée, ou l’invitation est renvoyée", "La personne invitée",
     ("role_propose!", "lien_invitation!", "expiration!")),
    ("invitation_declinee",   "Invitation déclinée",
     "La personne invitée ne souhaite pas ce rôle", "La personne qui l’a envoyée",
     ("role_propose", "lien_invitations!"), ("certificateur", "gestionnaire", "employeur")),
])
courriels("Rappels et relances", [
    ("relance_incomplet",           "Relance\u00a0: dossier à compléter",
     "Le dossier reste à compléter", EMPLOYEUR, RELANCE, EMPLOYEURS),
    ("relance_recevabilite",        "Relance\u00a0: recevabilité à examiner",
     "La candidature attend toujours son examen", PORTEUR, RELANCE, GESTIONNAIRES),
    ("relance_evaluation",          "Relance\u00a0: évaluation attendue",
     "L’évaluation attend toujours", EVALUATEUR, RELANCE, EVALUATEURS),
    ("relance_metier",              "Relance\u00a0: avis de l’évaluateur métier",
     "L’invitation reste sans réponse", "L’évaluateur métier, sans compte",
     ("invite", "fonction", "certification", "depuis!", "expiration")),
    ("relance_metier_evaluateur",   "Relance\u00a0: l’évaluateur métier n’a pas répondu",
     "L’invitation reste sans réponse", EVALUATEUR, (*RELANCE, "expiration"), EVALUATEURS),
    ("relance_inscription_jury",    "Rappel\u00a0: inscriptions au jury",
     "La date limite d’inscription approche", "L’employeur, sinon les gestionnaires du porteur",
     (*AU_DOSSIER, "echeance!"), QUI_INSCRIT),
    ("relance_session_jury",        "Rappel\u00a0: session de jury",
     "La session approche", "Les membres du jury", (*SEANCE, "remise_des_dossiers", "lien_session!")),
    ("relance_jury_candidat",       "Rappel\u00a0: jury du candidat",
     "La session qui examine le dossier approche", CANDIDAT, (*CANDIDATURE, *SEANCE)),
    ("relance_composition_jury",    "Rappel\u00a0: membres à trouver pour un jury",
     "Une session proche ne peut pas réunir son quorum", "Les gestionnaires du porteur et le certificateur",
     (*SEANCE, "manques_du_jury!", "lien_session!"), QUI_OUVRE),
    ("relance_notification_jury",   "Rappel\u00a0: résultats de jury à notifier",
     "Le délai de notification approche", "Ceux qui signent le PV, les gestionnaires du porteur",
     ("jury", "date_session!", "echeance", "lien_session!")),
    ("relance_invitation",          "Relance\u00a0: invitation à un rôle",
     "L’invitation reste sans réponse", "La personne invitée",
     ("role_propose", "depuis!", "expiration"), (), {"page": None}),
    ("relance_invitation_invitant", "Relance\u00a0: une de vos invitations",
     "L’invitation reste sans réponse", "La personne qui l’a envoyée",
     ("role_propose", "depuis", "expiration", "lien_invitations!"), ("certificateur", "gestionnaire", "employeur")),
])
# fmt: on
