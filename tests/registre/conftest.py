"""The primitives of the ground floor run in the transaction of the act that calls them: here, that of the test."""

import pytest

from tests import bases


@pytest.fixture(scope="module", autouse=True)
def transaction_de_l_acte():
    with bases.tolerer_celle_du_test():
        yield
