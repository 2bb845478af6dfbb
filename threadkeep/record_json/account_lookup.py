"""Look up the account that a post of a JSON Lines export names as its author."""

from threadkeep.records import Account, Ref, account_ref


class Accounts:
    """The accounts read so far from one export, by handle and name."""

    def __init__(self) -> None:
        self._refs: set[Ref] = set()
        self._by_handle: dict[tuple[str, str], Ref] = {}
        self._by_name: dict[tuple[str, str], Ref] = {}
        self._by_both: dict[tuple[str, str, str | None], Ref] = {}

    def __contains__(self, ref: Ref) -> bool:
        return ref in self._refs

    def add(self, account: Account) -> None:
        """Remember ``account``. Of two with one handle the one with a native id is meant, then the first."""
        ref = account.ref
        self._refs.add(ref)
        if account.handle is not None:
            both = (ref.platform, account.handle.casefold(), account.name)
            if both not in self._by_both or (ref.is_native and not self._by_both[both].is_native):
                self._by_both[both] = ref
        named = self._by_name if account.handle is None else self._by_handle
        name = account.name if account.handle is None else account.handle
        if name is not None:
            key = (ref.platform, name.casefold())
            if ref.is_native and key in named and not named[key].is_native:
                named[key] = ref
            named.setdefault(key, ref)

    def author(self, post: Ref, handle: str | None, name: str | None) -> Ref | None:
        """Return the author of ``post``; a ref derived from the handle or name if no account has it."""
        # at://did:plc:abc/app.bsky.feed.post/3k2a says whose it is, whoever else has had that handle.
        owner = Ref(post.platform, post.id[5:].partition("/")[0])
        if post.id.startswith("at://") and owner in self._refs:
            return owner
        if handle is not None:
            known = self._by_both.get((post.platform, handle.casefold(), name))
            return (
                known or self._by_handle.get((post.platform, handle.casefold())) or account_ref(post.platform, handle)
            )
        if name is not None:
            return self._by_name.get((post.platform, name.casefold())) or account_ref(post.platform, name)
        return None
