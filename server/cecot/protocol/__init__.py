"""What HTTP adds to a query, as plain values and without a server."""
