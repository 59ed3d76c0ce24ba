"""Brings one fiche of France compétences into the registry, and tells field by field what it changes.

The rules of a refresh, all on the side of prudence: what the flux does not say never erases what the registry holds;
what a person corrected stays, and the difference is told (registre/ecarts.py); nothing is removed (a bloc, a
certificateur) but by a person, who is warned; compétences are never touched, since the flux gives them as one
flattened text. Parchemins keep the title they were issued with: their record is frozen.
"""

import re
from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify

from registre import journal
from registre.ecarts import TOUT, VU, Ecart, Rapport, empreinte
from registre.france_competences import DATES, TEXTES, BlocLu, Certificateur, Fiche, lignes_proposees
from registre.models import Certification, CodeNomenclature, Filiere, Organisme, RoleCertification, VersionCertification
from registre.referentiels import niveau_cec
from registre.textes import plier

MOTIF_PREFIXE = re.compile(r"^CQPI?\s*:?\s*(?:Certificat de qualification professionnelle\s+)?", re.IGNORECASE)
MOTIF_CPNE = re.compile(r"\bcpne|commissions? paritaires? nationales?", re.IGNORECASE)
__all__ = ["TOUT", "Ecart", "FicheRefusee", "Rapport", "rafraichir"]
CHAMPS = ("intitule", "niveau", "niveau_cec", "duree_enregistrement", "validation_partielle", *DATES, *TEXTES)
PUBLIEE = "Publiée"
FILIERE_A_CLASSER = ("a-classer", "À classer")


class FicheRefusee(Exception):
    """This fiche cannot enter the registry; `phrases` say why."""

    def __init__(self, *phrases: str):
        super().__init__(" ".join(phrases))
        self.phrases = list(phrases)


def intitule_usuel(intitule: str) -> str:
    """The everyday name: the exact title without its « CQP » or « CQP : Certificat de… » head."""
    nu = MOTIF_PREFIXE.sub("", intitule).strip()
    return nu[:1].upper() + nu[1:] if nu else intitule


def rafraichir(
    fiche: Fiche,
    *,
    famille: Certification | None = None,
    date_export: date | None = None,
    ecraser: Collection[str] = (),
    laisser: Collection[str] = (),
    acteur=None,
) -> Rapport:
    """Create or refresh the version that `fiche` describes. Must run inside a transaction; twice in a row, the second
    time changes nothing. `famille` receives a version whose lineage is unknown.

    `ecraser` names the corrections by hand to give up for this fiche (`TOUT`: all of them), `laisser` the differences
    not to take: both are keys of :class:`Ecart`.

    Raises :class:`FicheRefusee` when the fiche is faulty or names nobody to carry a new certification.
    """
    if fiche.erreurs:
        raise FicheRefusee(*fiche.erreurs)
    rapport = Rapport(fiche.numero, fiche.intitule, avertissements=list(fiche.avertissements))
    rapport.ecraser, rapport.laisser = frozenset(ecraser), frozenset(laisser)
    if not fiche.est_un_cqp:
        rapport.avertissements.append("L’intitulé ne dit pas que c’est un CQP.")
    if fiche.etat and fiche.etat != PUBLIEE:
        rapport.avertissements.append(f"État de la fiche à France compétences\u00a0: {fiche.etat}.")
    organismes = [(_organisme(lu, rapport), lu) for lu in fiche.certificateurs if lu.actif]
    version = VersionCertification.objects.select_for_update().filter(numero=fiche.numero).first()
    if version is None:
        rapport.creation = True
        version = VersionCertification(numero=fiche.numero, repertoire=fiche.repertoire)
        version.certification = famille or _famille(fiche, [o for o, _ in organismes], rapport)
    rapport.memoire = dict(version.empreintes_du_flux)
    _champs(version, fiche, rapport)
    version.source = "France compétences – répertoires RNCP et RS" + (
        f" – export du {date_export:%d/%m/%Y}" if date_export else ""
    )
    version.source += " – Licence Ouverte 2.0"
    # The date of the last look is not a difference: it moves every night.
    version.source_date = date_export or version.source_date
    try:
        version.full_clean()
    except ValidationError as erreur:
        raise FicheRefusee(*erreur.messages) from erreur
    version.save()
    _roles(version, organismes, rapport)
    for nomenclature in ("nsf", "rome", "formacode"):
        _codes(version, nomenclature, fiche, rapport)
    _voies(version, fiche, rapport)
    _blocs(version, fiche.blocs, rapport)
    _filiation(version, fiche, rapport)
    _retenir(version, fiche, rapport, acteur)
    return rapport


def _retenir(version: VersionCertification, fiche: Fiche, rapport: Rapport, acteur) -> None:
    """What this fiche wrote, for the next one; the act in the journal, when it changed anything."""
    champs = {"empreintes_du_flux": rapport.memoire}
    if rapport.ecarts:
        champs["modifiee_le"] = timezone.now()
        details = {"numero": fiche.numero, "champs": sorted({e.champ for e in rapport.ecarts})}
        role = "certificateur" if acteur else "commande"
        journal.consigner(acteur, role, "importer_fiche", version, details=details)
    VersionCertification.objects.filter(pk=version.pk).update(**champs)


def _champs(version: VersionCertification, fiche: Fiche, rapport: Rapport) -> None:
    for champ in CHAMPS:
        lu = niveau_cec(fiche.niveau) if champ == "niveau_cec" else getattr(fiche, champ)
        tenu = None if rapport.creation else getattr(version, champ)
        if not rapport.reprend(champ, version._meta.get_field(champ).verbose_name, tenu, lu):
            continue
        setattr(version, champ, lu)
        if champ == "intitule" and not rapport.creation and (nombre := version.parchemins.count()):
            rapport.avertissements.append(
                f"{nombre} parchemin(s) gardent l’intitulé précédent\u202f: un document ne change pas."
            )


def _famille(fiche: Fiche, organismes: list[Organisme], rapport: Rapport) -> Certification:
    """The family of a new version: that of its predecessors or successors when known, else a new one.

    Two certifications may bear one title (two active « CQP Responsable d'équipe »): a like title is only a warning.
    """
    parents = Certification.objects.filter(versions__numero__in=[*fiche.anciennes, *fiche.nouvelles]).distinct()
    if len(parents) == 1:
        return parents[0]
    if not organismes:
        raise FicheRefusee("La fiche ne nomme aucun certificateur\u202f: indiquez la certification avec --famille.")
    usuel = intitule_usuel(fiche.intitule)
    slug = slugify(usuel)[:100] or fiche.numero.lower()
    if Certification.objects.filter(slug=slug).exists():
        rapport.avertissements.append(
            f"Une certification s’appelle déjà «\u202f{slug}\u202f». Si c’est la même, relancez avec --famille {slug}."
        )
        slug = f"{slug}-{fiche.numero.lower()}"
    filiere, _ = Filiere.objects.get_or_create(
        slug=FILIERE_A_CLASSER[0], defaults={"libelle": FILIERE_A_CLASSER[1], "ordre": 999}
    )
    rapport.noter("certification", None, slug)
    return Certification.objects.create(
        slug=slug,
        intitule_usuel=usuel[:255],
        nature=fiche.nature,
        filiere=filiere,
        # A CPNE carries nothing by itself: the first body with a SIRET is the likelier porteur.
        porteur=next((o for o in organismes if o.siret), organismes[0]),
    )


def _organisme(lu: Certificateur, rapport: Rapport) -> Organisme:
    """The body of this line: by SIRET, else by folded name; created when unknown."""
    if lu.siret and (connu := Organisme.objects.filter(siret=lu.siret).first()):
        return connu
    plie = plier(lu.nom)
    homonymes = Organisme.objects.filter(nom_plie__contains=plie)
    if lu.siret:
        # A like name under another SIRET is another establishment; without any, it is this one, not yet numbered.
        homonymes = homonymes.filter(siret="")
    for candidat in homonymes:
        if plie in {plier(candidat.raison_sociale), plier(candidat.sigle), plier(candidat.nom_commercial)}:
            if lu.siret:
                rapport.noter(f"SIRET de «\u202f{candidat.raison_sociale}\u202f»", candidat.siret, lu.siret)
                candidat.siret = lu.siret
                candidat.save()
            return candidat
    rapport.noter("organisme créé", None, f"{lu.nom} ({lu.siret or 'sans SIRET'})")
    site = lu.site if re.fullmatch(r"https?://\S{3,190}", lu.site) else ""
    return Organisme.objects.create(
        raison_sociale=lu.nom[:255], siret=lu.siret, nom_commercial=lu.nom_commercial[:255], site=site
    )


def _roles(version: VersionCertification, organismes: list[tuple[Organisme, Certificateur]], rapport: Rapport) -> None:
    tenus = {
        r.organisme_id: r for r in version.roles.filter(role__in=["cpne", "certificateur"]).select_related("organisme")
    }
    for ordre, (organisme, lu) in enumerate(organismes, start=1):
        role, place = tenus.pop(organisme.pk, None), f"certificateur:{organisme.pk}"
        if role is None and rapport.retire_a_la_main(place, f"certificateur «\u202f{organisme}\u202f»"):
            continue
        rapport.memoire[place] = VU
        if role is None:
            nature = "cpne" if MOTIF_CPNE.search(lu.nom) else "certificateur"
            RoleCertification.objects.create(version=version, organisme=organisme, role=nature, ordre=ordre)
            rapport.noter("certificateur", None, organisme.raison_sociale)
        elif role.ordre != ordre:
            rapport.noter(f"rang de «\u202f{organisme}\u202f»", role.ordre, ordre)
            role.ordre = ordre
            role.save()
    if organismes:
        rapport.avertissements += [
            f"La fiche ne nomme plus «\u202f{r.organisme.raison_sociale}\u202f»\u202f: à retirer s’il y a lieu."
            for r in tenus.values()
        ]


def _codes(version: VersionCertification, nomenclature: str, fiche: Fiche, rapport: Rapport) -> None:
    """Codes follow the fiche exactly, order included: the first NSF code is printed first."""
    lus = [
        (c.code, c.libelle[:255]) for c in getattr(fiche, {"formacode": "formacodes"}.get(nomenclature, nomenclature))
    ]
    tenus = list(
        version.codes.filter(nomenclature=nomenclature).order_by("rang", "code").values_list("code", "libelle")
    )
    libelle = CodeNomenclature.Nomenclature(nomenclature).label
    en_ligne = ["\u202f; ".join(map(" ".join, codes)) for codes in (tenus, lus)]
    if not rapport.reprend(f"codes:{nomenclature}", f"codes {libelle}", *en_ligne):
        return
    version.codes.filter(nomenclature=nomenclature).delete()
    CodeNomenclature.objects.bulk_create(
        CodeNomenclature(version=version, nomenclature=nomenclature, code=code[:10], libelle=nom, rang=rang)
        for rang, (code, nom) in enumerate(lus, start=1)
    )


def _voies(version: VersionCertification, fiche: Fiche, rapport: Rapport) -> None:
    tenues = {v.voie: v for v in version.voies.all()}
    for lue in fiche.voies:
        tenue, place = tenues.pop(lue.code, None), f"voie:{lue.code}"
        if tenue is None:
            if rapport.retire_a_la_main(place, f"voie d’accès {lue.code}"):
                continue
            version.voies.create(voie=lue.code, composition_jury=lue.composition_jury)
            rapport.noter("voie d’accès ouverte", None, lue.code)
            rapport.memoire[f"{place}:jury"] = empreinte(lue.composition_jury)
        elif rapport.reprend(
            f"{place}:jury", f"composition du jury ({lue.code})", tenue.composition_jury, lue.composition_jury
        ):
            tenue.composition_jury = lue.composition_jury
            tenue.save()
        rapport.memoire[place] = VU
    if fiche.voies:
        rapport.avertissements += [f"La fiche n’ouvre plus la voie «\u202f{v}\u202f»." for v in tenues.values()]


def _blocs(version: VersionCertification, lus: tuple[BlocLu, ...], rapport: Rapport) -> None:
    tenus = {b.code: b for b in version.blocs.all()}
    for ordre, lu in enumerate(lus, start=1):
        bloc, place = tenus.pop(lu.code, None), f"bloc:{lu.code}"
        # A bloc a person marked optional stays so: the flux only says it in the label, when it does.
        nouveaux = {
            "libelle": lu.libelle[:400],
            "ordre": ordre,
            "facultatif": lu.facultatif or bool(bloc and bloc.facultatif),
            "liste_competences": lu.liste_competences,
            "modalites_evaluation": lu.modalites_evaluation,
        }
        if bloc is None:
            if rapport.retire_a_la_main(place, f"bloc {lu.code}"):
                continue
            version.blocs.create(code=lu.code[:20], **nouveaux)
            rapport.memoire |= {f"{place}:{champ}": empreinte(valeur) for champ, valeur in nouveaux.items()}
            rapport.noter(f"bloc {lu.code}", None, lu.libelle)
            lignes = len(lignes_proposees(lu.liste_competences))
            rapport.avertissements.append(f"Bloc {lu.code}\u202f: compétences à saisir ({lignes} lignes proposées).")
        else:
            _un_bloc(bloc, nouveaux, place, rapport)
        rapport.memoire[place] = VU
    if lus:
        rapport.avertissements += [
            f"Le bloc {code} n’est plus dans la fiche\u202f: il reste au registre." for code in tenus
        ]
    if lus and version.blocs_exemple:
        if version.blocs.filter(competences__isnull=False).exists():
            rapport.avertissements.append("Les compétences données en exemple sont à reprendre à la main.")
        else:
            rapport.noter(version._meta.get_field("blocs_exemple").verbose_name, True, False)
            version.blocs_exemple = False
            version.save(update_fields=["blocs_exemple"])


def _un_bloc(bloc, nouveaux: dict, place: str, rapport: Rapport) -> None:
    pris = {
        champ: valeur
        for champ, valeur in nouveaux.items()
        if rapport.reprend(
            f"{place}:{champ}",
            f"bloc {bloc.code}, {bloc._meta.get_field(champ).verbose_name}",
            getattr(bloc, champ),
            valeur,
        )
    }
    for champ, valeur in pris.items():
        setattr(bloc, champ, valeur)
    if pris:
        bloc.save()


def _filiation(version: VersionCertification, fiche: Fiche, rapport: Rapport) -> None:
    """Link with the versions already in the registry; a link is drawn from whichever end is read last."""
    for ancienne in VersionCertification.objects.filter(numero__in=fiche.anciennes).exclude(successeurs=version):
        version.succede_a.add(ancienne)
        rapport.noter("succède à", None, ancienne.numero)
    for nouvelle in VersionCertification.objects.filter(numero__in=fiche.nouvelles).exclude(succede_a=version):
        nouvelle.succede_a.add(version)
        rapport.noter("remplacée par", None, nouvelle.numero)
