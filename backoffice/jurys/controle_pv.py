"""Do sealed minutes still say what was signed, and is what stands beside them still what they say? No name here."""

from collections import Counter
from collections.abc import Iterator

from registre.models import EntreeJournal
from registre.textes import en_nfc
from registre.verifications import verification

from .dossiers import inscriptions_completes
from .lecture_pv import est_intact
from .models import ProcesVerbal, Scrutin, SessionJury, Voix
from .pv_contenu import blocs_du_pv, membres_du_pv
from .workflow import SESSION

# What is compared with the frozen text, key by key: what older formats do not hold is not asked of them. Names and
# titles are not: people and certifications may change theirs.
DU_MEMBRE = ("siege", "college", "fonction", "suppleant", "present", "excuse", "arrivee", "depart")
DU_DOSSIER = ("issue", "motif", "recommandations")
DU_BLOC = ("code", "acquis", "rattrapage", "motif", "vote")
# The acts that write in the journal the hash of a text that they settle.
ARRETS = ("clore_seance", "preparer_rectificatif")


def _pareils(fige: list[dict], garde: list[dict], cles) -> bool:
    def lu(ligne, modele):
        return {cle: ligne[cle] for cle in cles if cle in modele}

    paires = zip(fige, garde, strict=False)
    return len(fige) == len(garde) and all(lu(f, f) == en_nfc(lu(g, f)) for f, g in paires)


def ecarts(pv: ProcesVerbal) -> Iterator[str]:
    """Where what is gardees beside sealed minutes is not what they say; revoked decisions stay as they were."""
    if not _pareils(pv.contenu["membres"], membres_du_pv(pv.session), DU_MEMBRE):
        yield "La composition ou les présences gardées ne sont pas celles du procès-verbal."
    dits = {d["reference"]: d for d in pv.contenu["dossiers"]}
    for inscription in inscriptions_completes(pv.session):
        reference = inscription.candidature.reference
        dit = dits.pop(reference, None)
        if dit is None:
            yield f"Le dossier {reference} ne figure pas au procès-verbal."
            continue
        garde = {"issue": inscription.issue, "motif": inscription.motif, "recommandations": inscription.recommandations}
        blocs = blocs_du_pv(inscription.decisions.all())
        par_code = sorted(dit["blocs"], key=lambda b: b["code"]), sorted(blocs, key=lambda b: b["code"])
        if not (_pareils([dit], [garde], DU_DOSSIER) and _pareils(*par_code, DU_BLOC)):
            yield f"La décision gardée sur le dossier {reference} n’est pas celle du procès-verbal."
        raisons = Counter(d.raison for d in inscription.deports.all())
        if raisons != Counter(d["raison"] for d in dit.get("deports", ())):
            yield f"Les déports gardés sur le dossier {reference} ne sont pas ceux du procès-verbal."
    for reference in dits:
        yield f"Le dossier {reference} du procès-verbal n’est plus inscrit à la session."


def _voix_recomptees(session: SessionJury) -> Iterator[str]:
    """The voices gardees, as long as they are, give the count that the ballot keeps."""
    comptes: dict[int, Counter] = {}
    for scrutin, bloc, choix in Voix.objects.filter(scrutin__inscription__session=session).values_list(
        "scrutin", "bloc", "choix"
    ):
        comptes.setdefault(scrutin, Counter())[str(bloc), choix] += 1
    clos = Scrutin.objects.filter(
        inscription__session=session, clos_le__isnull=False, annule_le=None, voix_detruites_le=None
    )
    for scrutin in clos.select_related("inscription__candidature").order_by("pk"):
        gardees = comptes.get(scrutin.pk, Counter())
        if any(
            gardees[bloc, choix] != compte[choix]
            for bloc, compte in scrutin.depouillement.items()
            for choix in ("pour", "contre")
        ):
            reference = scrutin.inscription.candidature.reference
            yield f"Les voix gardées du vote sur le dossier {reference} ne donnent plus son compte."


def _signe(pv: ProcesVerbal, arretes: dict[str, str]) -> Iterator[str]:
    """The text, its hash, the signatures on it and the hash that the journal keeps are one."""
    if not est_intact(pv):
        yield "Le texte n’est plus celui de son empreinte."
    signatures = list(pv.signatures.all())
    if not signatures or any(s.empreinte != pv.empreinte for s in signatures):
        yield "Les signatures ne sont pas celles de ce texte."
    if arretes.get(pv.numero) != pv.empreinte:
        yield "L’empreinte n’est pas celle que le journal connaît."


@verification
def verifier_les_pv() -> Iterator[str]:
    """A sentence per fault of the sealed minutes and corrections, each with its number."""
    arrets = EntreeJournal.objects.filter(objet_type=SESSION, verbe__in=ARRETS).order_by("sequence")
    arretes = {d["pv"]: d["empreinte"] for d in arrets.values_list("details", flat=True) if "empreinte" in d}
    scelles = ProcesVerbal.objects.exclude(scelle_le=None).select_related("session").prefetch_related("signatures")
    for pv in scelles.order_by("session", "rang").iterator(chunk_size=200):
        fautes = [*_signe(pv, arretes)]
        if pv.rang == 0:
            fautes += [*ecarts(pv), *_voix_recomptees(pv.session)]
        yield from (f"PV {pv.numero}\u00a0: {faute}" for faute in fautes)
    attendues = SessionJury.objects.filter(etat=SessionJury.Etat.SCELLEE)
    for session in attendues.exclude(proces_verbaux__rang=0, proces_verbaux__scelle_le__isnull=False):
        yield f"La session {session.pk} est scellée sans procès-verbal scellé."
