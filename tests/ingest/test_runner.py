"""The runner passes an account on once, and again only with something new, whatever parser repeats it."""

from threadkeep.ingest.runner import AccountDeduplicator
from threadkeep.records import Account, Ref

MIRA = Ref("x", "12")


def test_an_account_comes_again_only_with_something_new() -> None:
    accounts = AccountDeduplicator()
    poor, rich = Account(MIRA, "mira"), Account(MIRA, "mira", bio="Kilns")
    assert [accounts.is_new(account) for account in (poor, poor, rich, rich, poor)] == [True, False, True, False, False]
