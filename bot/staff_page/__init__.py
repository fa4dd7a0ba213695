"""The page for those who come: today's visits, large buttons, reports that wait where there is no network."""
