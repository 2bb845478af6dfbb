"""Checks of everything in an archive, and the repair of what fails them."""
