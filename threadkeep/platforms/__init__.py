"""What is known of each network: its names, the addresses of its posts and accounts, and the times in its ids."""
