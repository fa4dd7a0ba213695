"""What care is: people, benefits, services, providers, bookings, conversations, tickets, the calendar."""
