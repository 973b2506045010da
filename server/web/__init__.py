"""What the console and the shop share: pages, languages, sessions' cookies, live news."""
