"""What every door must do (`port`), and the worker that carries the outbox out through them (`outbox`)."""
