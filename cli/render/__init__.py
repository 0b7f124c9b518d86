"""What people see in a terminal. The only place that knows Rich, with the progress bar."""
