"""From decisions per bloc to the result of a dossier."""

from backoffice.candidatures.models import Etat


def resultat_du_jury(candidature, decisions: dict[int, bool], credites=frozenset(), separes: bool = True) -> Etat:
    """« Validé »: every compulsory bloc of the CQP is acquired; « Partiel »: some are; « Non validé »: none is.

    `credites`: blocs acquired before and still valid on the day of the jury; with those acquired now they make the
    whole. A candidate who aimed at some blocs only can at best be « partiel »; who acquires nothing new is « non
    validé », and keeps the blocs credited as long as the documents that prove them say.
    `separes`: blocs may be acquired apart; where the parcours says all or nothing, a missing bloc leaves nothing.
    """
    requis = {
        b.pk
        for b in candidature.version.blocs.all()
        if not b.facultatif and (b.option_id is None or b.option_id == candidature.option_id)
    }
    acquis = {bloc for bloc, oui in decisions.items() if oui}
    if requis and requis <= acquis | set(credites):
        return Etat.VALIDEE
    return Etat.PARTIELLE if acquis and separes else Etat.NON_VALIDEE
