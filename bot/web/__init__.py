"""The web door: the page for elders at `/chat`, its sessions, and how a one-time code gets to its telephone."""
