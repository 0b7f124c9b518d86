"""The pool of worker processes: started, spoken to, retried when one dies."""
