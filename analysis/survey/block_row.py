"""The rows of one file: loads its blocks, schedules them, and predicts how fast they would run.

Guarantees: whatever is wrong with the file is in the row; only signals interrupt it.
"""

from __future__ import annotations

from ...ingest.building.recording import Reading
from ...ingest.chains import SOLANA
from ...ingest.loaded_block import LoadedBlock, load_blocks
from ...primitives import InputError, SealaneError
from ...scheduler import Schedule
from .row import SPEED_UP_WORKERS, Figures, HottestGroup, Row
from .settings import Settings

_POLICY = "lanes"  # what the runtime does


def survey_file(file: str, settings: Settings) -> list[Row]:
    """A row for each block of this file, one at least; `-` is standard input."""
    try:
        blocks = load_blocks(
            file,
            programs=settings.programs,
            reading=Reading(votes=not settings.no_votes),
            labels=settings.labels,
        )
        several = len(blocks) > 1
        return [
            Row(file, figures_of(loaded), case=loaded.case if several else None)
            for loaded in blocks
        ]
    except InputError as error:
        line = "" if error.line is None else f"line {error.line}: "
        return [Row(file, error=f"{line}{error.message}")]
    except (SealaneError, OSError) as error:
        return [Row(file, error=str(error))]
    except MemoryError:
        return [Row(file, error="out of memory; survey it alone, or with fewer workers")]
    except Exception as error:  # one block must not cost the others
        what = f"{type(error).__name__}: {error}"
        return [Row(file, error=f"{what} (a bug in sealane: please report it with the file)")]


def figures_of(loaded: LoadedBlock) -> Figures:
    """A block's figures. Runs nothing."""
    schedule, about = loaded.schedule(), loaded.about
    simulated = schedule.simulate(SPEED_UP_WORKERS, policies=[_POLICY]).policies[_POLICY]
    return Figures(
        chain=loaded.chain,
        slot=loaded.slot,
        height=loaded.height,
        transactions=len(schedule),
        votes=int(about.is_vote.sum()) if loaded.chain == SOLANA.name else None,
        failed=None if about.failed is None else int(about.failed.sum()),
        accounts=schedule.access.account_count,
        conflicts=schedule.dag.edge_count,
        waves=len(schedule.dag.waves),
        total_cost=schedule.total_cost,
        critical_path_cost=schedule.critical_positions.cost,
        hottest_group=_hottest_group(schedule),
        speed_up={each.workers: each.speed_up for each in simulated},
        notes=loaded.notes,
    )


def _hottest_group(schedule: Schedule) -> HottestGroup | None:
    if not schedule.hot_groups:
        return None
    group = schedule.hot_groups[0]
    labels = map(schedule.about.label, group.accounts)
    return HottestGroup(
        accounts=group.accounts,
        label=next((label for label in labels if label is not None), None),
        program=_program_of(schedule, group.accounts[0]),
        transactions=group.transactions,
        critical_path_share=group.critical_path_share,
        parallelism_without=group.parallelism_without,
    )


def _program_of(schedule: Schedule, account: str) -> str | None:
    """What most transactions that lock the account call; if nothing tells, the account's owner."""
    known = schedule.about.accounts
    number = schedule.account_id(account)
    user = int(known.users[number])
    if user >= 0:
        return known.called(known.calls.program_names[user])
    owner = known.owners.get(number)
    return None if owner is None or owner.program is None else known.called(owner.program)
