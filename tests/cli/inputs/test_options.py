"""Options of several commands: lists of worker counts, as given and as refused."""

from __future__ import annotations

import pytest
import typer

from sealane.cli.inputs.options import WORKERS_MAX, Counts, worker_counts


def test_counts_are_kept_in_the_order_given() -> None:
    assert worker_counts("4,1, 2") == (4, 1, 2)
    assert worker_counts(str(WORKERS_MAX)) == (WORKERS_MAX,)
    assert worker_counts(Counts((1, 2))) == (1, 2)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("0", "0 workers: choose from 1 to 1,024"),
        ("1,-2", "-2 workers: choose from 1 to 1,024"),
        (f"{WORKERS_MAX + 1}", "1025 workers: choose from 1 to 1,024"),
        ("2,4,2", "'2,4,2' has 2 twice: leave one of them out"),
        ("many", "'many' is no integer"),
        ("1.5", "'1.5' is no integer"),
        ("1,,2", "'1,,2': write numbers with commas between, such as 1,2,4"),
        ("", "'': write numbers with commas between, such as 1,2,4"),
    ],
)
def test_what_is_no_list_of_counts_is_refused(text: str, answer: str) -> None:
    with pytest.raises(typer.BadParameter) as refused:
        worker_counts(text)
    assert str(refused.value).startswith(answer)
