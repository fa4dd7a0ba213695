"""The coordinators' desk at `/desk`: the page, its logins, its stream, and what only the desk asks for."""
