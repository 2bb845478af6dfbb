"""Formats of Mastodon and ActivityPub."""
