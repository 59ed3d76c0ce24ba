"""What the minutes freeze."""

from .models import SessionJury


def contenu_du_pv(session: SessionJury, numero: str) -> dict:
    """What the minutes freeze: composition, presence, recusals and decisions, by reference (no name of candidates)."""
    return {
        "format": "cqp-pv-1",
        "numero": numero,
        "instance": session.instance,
        "date": session.tenue_le.isoformat(),
        "lieu": session.lieu or "visioconférence",
        "membres": [
            {
                "siege": m.pk,
                "nom": m.utilisateur.get_full_name(),
                "college": m.college,
                "fonction": m.fonction,
                "qualite": m.qualite,
                "present": m.present_le is not None,
            }
            for m in session.membres.select_related("utilisateur").order_by("pk")
        ],
        "dossiers": [
            {
                "reference": i.candidature.reference,
                "issue": i.issue,
                "blocs": [
                    {"code": d.bloc.code, "acquis": d.acquis, "motif": d.motif}
                    for d in i.decisions.select_related("bloc").order_by("bloc__ordre", "bloc__code")
                ],
                "repris": [
                    {"code": c.bloc.code, "provenance": c.provenance, "validite": c.validite}
                    for c in i.candidature.blocs_repris()
                    if c.est_valide(session.tenue_le)
                ],
                "motif": i.motif,
                "recommandations": i.recommandations,
                "deports": [
                    {"nom": d.membre.utilisateur.get_full_name(), "raison": d.raison}
                    for d in i.deports.select_related("membre__utilisateur").order_by("pk")
                ],
            }
            for i in session.inscriptions.filter(retiree_le=None).select_related("candidature").order_by("pk")
        ],
    }
