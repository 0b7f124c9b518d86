"""What pictures of a block show, worked out: clocks, all conflicts, branches, layers, steps.

Pure like the rest of the scheduler, and without a colour or a column: views and exports draw it.
"""
