"""The rules in plain French: what people who open, evaluate or judge dossiers read."""

from decimal import Decimal

from .models import Concordance, Majorite, ModaliteAcces, ModeDecision, ModeEvaluation, Parcours, Prerequis
from .releve import Releve

UNITES = {"%": " %", "jours": " jours", "mois": " mois"}
VIDES = {
    "modalites": "toutes celles de la certification",
    "modalites_sans_recevabilite": "aucune",
    "validite_blocs_mois": "pour toujours",
}


def libelle(champ: str) -> str:
    """Label of a rule, with its capital and without the unit in brackets."""
    nom = str(Parcours._meta.get_field(champ).verbose_name)
    return (nom[0].upper() + nom[1:]).split(" (")[0]


def _unite(champ: str) -> str:
    nom = str(Parcours._meta.get_field(champ).verbose_name)
    return UNITES.get(nom.rpartition("(")[2].rstrip(")"), "") if nom.endswith(")") else ""


def nombre(valeur: Decimal | int) -> str:
    """« 12,5 », « 10 »: without useless zeros."""
    texte = f"{valeur:f}"
    return (texte.rstrip("0").rstrip(".") if "." in texte else texte).replace(".", ",")


def modalites(valeurs) -> str:
    """Names of ways of access, in their usual order."""
    return ", ".join(str(ModaliteAcces(m).label) for m in ModaliteAcces.values if m in valeurs)


def valeur(parcours: Parcours, champ: str) -> str:
    """What this rule says, as words."""
    brut = getattr(parcours, champ)
    if champ in VIDES and (brut is None or brut == []):
        return VIDES[champ]
    if isinstance(brut, bool):
        return "oui" if brut else "non"
    if isinstance(brut, list):
        return modalites(brut)
    if Parcours._meta.get_field(champ).choices:
        return str(getattr(parcours, f"get_{champ}_display")())
    unite = _unite(champ)
    return nombre(brut) + (unite[:-1] if unite == " jours" and brut < 2 else unite)


def jours(n: int) -> str:
    return f"{n} jour{'s' if n > 1 else ''}"


def _ouverture(r: Releve) -> list[str]:
    p = r.parcours
    qui = {
        (True, True): "L’employeur ou le porteur ouvre le dossier.",
        (True, False): "L’employeur ouvre le dossier.",
        (False, True): "Le porteur ouvre le dossier.",
        (False, False): "Personne n’est encore désigné pour ouvrir les dossiers.",
    }[p.employeur_ouvre, p.porteur_ouvre]
    phrases = [qui, f"Voies d’accès admises\u00a0: {valeur(p, 'modalites')}."]
    if p.delai_nouvelle_candidature_mois:
        phrases.append(
            f"Après un échec, une nouvelle candidature est possible au bout de "
            f"{p.delai_nouvelle_candidature_mois} mois."
        )
    return phrases


def _piece(piece) -> str:
    suite = f" – {piece.aide}" if piece.aide else ""
    return f"{piece.libelle} ({'obligatoire' if piece.obligatoire else 'facultative'}){suite}"


def _prerequis(ligne: Prerequis) -> str:
    texte = ligne.libelle
    if ligne.nature == Prerequis.Nature.SEUIL and ligne.seuil is not None:
        texte += f"\u00a0: {nombre(ligne.seuil)} {ligne.unite}".rstrip() + " au moins"
    if ligne.nature == Prerequis.Nature.DECLARATION:
        texte += ", sur déclaration"
    if ligne.piece:
        texte += f", prouvé par «\u202f{ligne.piece.libelle}\u202f»"
    if ligne.validite_mois:
        texte += f", daté de moins de {ligne.validite_mois} mois"
    if ligne.modalites:
        texte += f" – seulement pour\u00a0: {modalites(ligne.modalites)}"
    return texte + ("" if ligne.obligatoire else " (souhaité)")


def _recevabilite(r: Releve) -> list[str]:
    p = r.parcours
    if not p.recevabilite_active:
        return ["Cette étape n’existe pas\u00a0: un dossier complet passe aux évaluateurs dès son dépôt."]
    phrases = ["Le porteur examine le dossier et dit s’il est recevable, incomplet ou irrecevable, avec ses raisons."]
    if p.modalites_sans_recevabilite:
        phrases.append(f"En sont dispensées\u00a0: {modalites(p.modalites_sans_recevabilite)}.")
    if not r.prerequis:
        phrases.append("Aucun prérequis n’est exigé.")
    return phrases


def _positionnement(r: Releve) -> list[str]:
    if not r.parcours.positionnement_actif:
        return ["Cette étape n’existe pas\u00a0: toute la certification est visée."]
    return ["Le porteur fixe les blocs visés, et reprend les blocs déjà acquis qui valent encore."]


def _evaluateurs(r: Releve) -> list[str]:
    p = r.parcours
    phrases = [
        "Deux évaluateurs habilités se prononcent."
        if p.nombre_evaluateurs == 2
        else "Un évaluateur habilité se prononce."
    ]
    if p.metier_requis:
        phrases.append(
            "Une personne du métier est invitée et répond avant l’évaluateur habilité, dans les "
            f"{jours(p.validite_invitation)}."
        )
    else:
        phrases.append("Aucun évaluateur métier n’est demandé.")
    return phrases


DIVERGENCE = {
    Concordance.HABILITE: "Si les avis divergent, celui de l’évaluateur habilité l’emporte.",
    Concordance.FAVORABLES: "Une compétence n’est acquise que si tous les avis sont favorables.",
    Concordance.JURY: "Si les avis divergent, le jury tranche.",
}


def _evaluation(r: Releve) -> list[str]:
    p = r.parcours
    if p.mode_evaluation == ModeEvaluation.NOTES:
        phrases = [
            f"Chaque compétence est notée sur {p.note_maximale}\u202f; elle est acquise à partir de "
            f"{nombre(p.seuil_competence)}.",
            f"Un bloc est acquis à partir de {p.seuil_bloc} % de sa note"
            + (", coefficients appliqués." if r.ponderations else "."),
        ]
    else:
        tout = p.seuil_bloc == 100
        phrases = [
            "Chaque compétence est dite acquise ou non acquise.",
            "Un bloc est acquis quand toutes ses compétences le sont."
            if tout
            else f"Un bloc est acquis à partir de {p.seuil_bloc} % de ses compétences.",
        ]
    phrases.append(DIVERGENCE[p.concordance])
    if p.guide_requis:
        phrases.append("Le guide d’évaluation signé (outil n° 4) est joint avant la transmission.")
    return phrases


def _inscription(r: Releve) -> list[str]:
    p = r.parcours
    return [
        f"L’inscription à une session ferme {jours(p.delai_inscription_jury)} avant le jury.",
        f"Les membres reçoivent les dossiers {jours(p.delai_envoi_dossiers)} avant.",
    ]


def _jury(r: Releve) -> list[str]:
    p = r.parcours
    phrases = [
        f"{p.sieges_par_college} siège{'s' if p.sieges_par_college > 1 else ''} par collège, "
        f"{p.membres_minimum_par_college} présent{'s' if p.membres_minimum_par_college > 1 else ''} au moins"
        + (", autant dans chaque collège." if p.parite_stricte else ".")
    ]
    if p.un_siege_par_organisation:
        phrases.append("Chaque organisation tient un seul siège.")
    if p.procurations_par_membre:
        ou = " du même collège" if p.procuration_meme_college else ""
        combien = "une procuration" if p.procurations_par_membre == 1 else f"{p.procurations_par_membre} procurations"
        phrases.append(f"Un membre présent{ou} porte {combien} au plus.")
        if p.quorum_represente:
            phrases.append("Un membre représenté compte dans le quorum.")
    if p.presidence_alternee:
        phrases.append("La présidence et la vice-présidence viennent de collèges différents.")
    if p.alternance_annuelle:
        phrases.append("La présidence change de collège chaque année.")
    return phrases + _deliberation(r)


def _deliberation(r: Releve) -> list[str]:
    p = r.parcours
    phrases = [
        f"Le jury décide {ModeDecision(p.mode_decision).label}.",
        f"Quand il vote, un bloc est acquis à la {Majorite(p.majorite).label}".replace(
            "à la unanimité", "à l’unanimité"
        )
        + (", à bulletin secret." if p.vote_secret else "."),
    ]
    if p.voix_preponderante:
        phrases.append("En cas de partage, la voix de la présidence l’emporte.")
    phrases.append(
        "Le jury peut accorder un bloc sous le seuil, avec un motif inscrit au PV."
        if p.rattrapage_permis
        else "Le jury ne peut pas accorder un bloc sous le seuil."
    )
    if not p.validation_partielle:
        phrases.append("La certification s’obtient en entier\u00a0: aucun bloc n’est acquis séparément.")
    return phrases


def _decision(r: Releve) -> list[str]:
    if r.parcours.jurys_fusionnes:
        return ["Le jury paritaire décide\u00a0: il n’y a pas de second jury."]
    return ["Le jury paritaire propose, le jury de certification de la CPNE décide."]


def _suites(r: Releve) -> list[str]:
    p = r.parcours
    mois = p.validite_blocs_mois
    return [
        f"Le résultat est dit {jours(p.delai_notification)} au plus après le jury, "
        f"{jours(p.delai_notification_vae)} en VAE.",
        "Un bloc acquis l’est pour toujours." if mois is None else f"Un bloc acquis le reste {mois} mois.",
        f"La décision se conteste pendant {jours(p.delai_recours)}\u202f; la réponse vient dans les "
        f"{jours(p.delai_reponse_recours)}.",
    ]


def _delais(r: Releve) -> list[str]:
    p = r.parcours
    return [
        f"Un rappel part {jours(p.relance_avant_jours)} avant une échéance, et une relance après "
        f"{jours(p.relance_apres_jours)} sans réponse.",
        f"Un dossier inactif est relancé après {jours(p.relance_inactivite_jours)}, puis clos "
        f"{jours(p.cloture_inactivite_jours)} plus tard\u202f; la clôture se conteste pendant "
        f"{jours(p.contestation_jours)}.",
    ]


def _preparation(r: Releve) -> list[str]:
    porteur = r.parcours.porteur
    qui = f"ceux de {porteur}" if porteur else "tous ceux de cette certification"
    phrases = [f"Ces règles valent pour {qui}."]
    if r.delivrables:
        phrases.append(f"Versions délivrables\u00a0: {', '.join(str(v) for v in r.delivrables)}.")
    else:
        phrases.append("Aucune version n’est délivrable aujourd’hui.")
    return phrases


def lecture(r: Releve) -> list[dict]:
    """The ten steps in words: number, title, sentences, and the list that goes with them."""
    p = r.parcours
    coefficients = [
        f"{x.competence.code} – {x.competence.libelle}\u00a0: coefficient {nombre(x.coefficient)}"
        for x in sorted(r.ponderations, key=lambda x: (x.competence.bloc_id, x.competence.ordre))
    ]
    etapes = (
        ("1", "Préparation", _preparation(r), [], True),
        ("2", "Inscription", [*_ouverture(r), *(["Pièces demandées\u00a0:"] if r.pieces else [])], r.pieces, True),
        ("3", "Recevabilité", _recevabilite(r), r.prerequis, p.recevabilite_active),
        ("4", "Positionnement", _positionnement(r), [], p.positionnement_actif),
        ("5", "Évaluateurs", _evaluateurs(r), [], True),
        ("6", "Évaluation", _evaluation(r), coefficients, True),
        ("7", "Inscription au jury", _inscription(r), [], True),
        ("8", "Jury paritaire", _jury(r), [], True),
        ("9", "Jury de certification", _decision(r), [], not p.jurys_fusionnes),
        ("10", "Délivrance", _suites(r), [], True),
        ("", "Rappels et délais", _delais(r), [], True),
    )
    dire = {"2": _piece, "3": _prerequis}
    return [
        {"numero": n, "titre": t, "phrases": phrases, "liste": [dire.get(n, str)(x) for x in liste], "active": active}
        for n, t, phrases, liste, active in etapes
    ]
