import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("registre", "0013_sceau_des_duplicatas"),
    ]

    operations = [
        migrations.AddField(
            model_name="versioncertification",
            name="entree_le",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="entrée au registre le"
            ),
        ),
        migrations.AddField(
            model_name="versioncertification",
            name="modifiee_le",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="modifiée le"),
        ),
        migrations.AddField(
            model_name="versioncertification",
            name="empreintes_du_flux",
            field=models.JSONField(
                default=dict, editable=False, verbose_name="empreintes de la dernière fiche reprise"
            ),
        ),
    ]
