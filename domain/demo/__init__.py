"""The demo world, the same every time: cities, providers, sites, staff, plans, members in families. All made up."""
