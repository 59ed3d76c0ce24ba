"""After a test that commits, the base is as the migrations left it, and goes on counting."""

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.transaction import TransactionManagementError

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("tour", [1, 2])
def test_une_ligne_nouvelle_prend_une_cle_nouvelle(tour):
    """The second round starts from a base given back: its sequences must not count from one again."""
    assert Group.objects.exists()
    Group.objects.create(name=f"essai {tour}")


def test_un_verrou_hors_transaction_est_refuse_sur_les_deux_bases():
    """SQLite would ignore it in silence, and PostgreSQL break the page; inside a transaction it passes."""
    with pytest.raises(TransactionManagementError):
        list(Group.objects.select_for_update())
    with transaction.atomic():
        assert list(Group.objects.select_for_update())
