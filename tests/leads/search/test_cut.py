"""FR-07: who reaches the bar and stands behind the end of the list is not passed over in silence."""

from decimal import Decimal
from types import SimpleNamespace

from leads.models import SearchRequest
from leads.search.scan import ScanResult
from leads.selectors.search import CUT, not_listed
from leads.services.running import behind_the_list, result_words

CARD = SimpleNamespace(score=lambda cosine, size: SimpleNamespace(strict=100 * cosine))
FOUND = ScanResult([(1, 0.99), (2, 0.98), (3, 0.97), (4, 0.5)], 2000, 4, [1])


def test_they_are_counted_and_told():
    cut = behind_the_list(CARD, FOUND, 2, Decimal(95))
    assert cut == {CUT: 1}
    search = SearchRequest(parameters={"candidate_list_length": 2} | cut, above_bar=2, threshold=95.0)
    assert "1 or more others" in not_listed(search)
    assert result_words(search, 2).endswith("the list holds 2.")


def test_a_list_that_holds_them_all_says_nothing():
    assert behind_the_list(CARD, FOUND, 3, Decimal(95)) == {}
    assert not_listed(SearchRequest(parameters={"candidate_list_length": 3})) == ""
