from django.db import migrations


def deplacer(apps, schema_editor):
    """Give each sealed session its minutes in a row of their own, and the date of its closing."""
    SessionJury = apps.get_model("jurys", "SessionJury")
    ProcesVerbal = apps.get_model("jurys", "ProcesVerbal")
    EntreeJournal = apps.get_model("registre", "EntreeJournal")
    for session in SessionJury.objects.exclude(pv_numero="").iterator():
        scellement = EntreeJournal.objects.filter(
            verbe="sceller_pv", objet_type="jurys.sessionjury", objet_id=session.pk, acteur__isnull=False
        ).first()
        membres = session.membres.order_by("pk")
        meneur = membres.filter(fonction="president").first() or membres.first()
        ProcesVerbal.objects.get_or_create(
            session=session,
            rang=0,
            defaults={
                "numero": session.pv_numero,
                "contenu": session.pv_contenu,
                "empreinte": session.pv_empreinte,
                "arrete_par_id": scellement.acteur_id if scellement else meneur.utilisateur_id,
                "arrete_le": session.pv_scelle_le,
                "scelle_le": session.pv_scelle_le,
            },
        )
        SessionJury.objects.filter(pk=session.pk).update(close_le=session.close_le or session.pv_scelle_le)


class Migration(migrations.Migration):
    dependencies = [
        ("jurys", "0003_recours_a_deux"),
        ("registre", "0005_annee_naissance_a_venir"),
    ]

    operations = [migrations.RunPython(deplacer, migrations.RunPython.noop)]
