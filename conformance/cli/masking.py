"""Disclosing files one after the other, and saying what became of each."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.cli.failure import Failure
from conformance.model.text import Message

if TYPE_CHECKING:
    from conformance.bulk.files import File, Layout
    from conformance.bulk.mask import Plan, Tally
    from conformance.cli.progress import BytesProgress
    from conformance.cli.speak import Voice

_SHOWN = 10


def failure(key: str, /, **args: Any) -> Failure:
    """A command cannot mask; the message is one of `mask`."""
    found = Failure(key)
    found.message = Message(f"mask.{key}", args)
    return found


def disclose(plan: "Plan", paths: list[str], output: Path, voice: "Voice", *, force: bool) -> bool:
    """Every file that can be read; whether all of them could, to the last row."""
    from conformance.bulk.files import ReadErrors, discover, layout
    from conformance.bulk.mask import outputs
    from conformance.cli.outputs import sure_of_folder
    from conformance.cli.progress import BytesProgress

    delivery = discover(paths, output)
    if delivery.problems:
        raise ReadErrors(delivery.problems)
    targets = outputs(delivery.files, output)
    _writable(targets, len(delivery.files), force=force)
    sure_of_folder("--output", output, targets, [file.path for file in delivery.files])
    columns = layout(plan.terms.item, plan.terms.standard.checklist)
    progress = BytesProgress(delivery.size, voice)
    done = [_one(plan, file, columns, target, progress, voice) for target, file in targets.items()]
    return all(done)


def _one(  # a file, how it is read, and where everything goes
    plan: "Plan", file: "File", columns: "Layout", target: Path, progress: "BytesProgress", voice: "Voice"
) -> bool:
    from conformance.bulk.files import ReadErrors
    from conformance.bulk.mask import disclose_file, opened

    try:
        source = opened(file, plan, columns, progress.read)
        tally = disclose_file(plan, source, target, progress.see)
    except ReadErrors as errors:
        progress.end()
        _say(voice, "broken", file=file.shown, why=errors.problems[0].message)
        return False
    progress.end()
    _tell(file, target, tally, voice)
    return not tally.lost


def _writable(targets: Iterable[Path], files: int, *, force: bool) -> None:
    found = list(targets)
    if len(found) < files:
        raise failure("same_name", count=files - len(found))
    there = [str(path) for path in found if path.exists()]
    if there and not force:
        raise failure("exists", files=there[:_SHOWN], count=len(there))


def _tell(file: "File", target: Path, tally: "Tally", voice: "Voice") -> None:
    _say(voice, "done", file=file.shown, output=str(target), rows=f"{tally.rows:,}", alone=f"{tally.alone:,}")
    if not tally.lost:
        return
    _say(voice, "lost", file=file.shown, count=f"{tally.lost:,}")
    for line, reason in tally.first_lost:
        _say(voice, "lost_line", line=line, why=Message(f"bulk.line_{reason}"))


def _say(voice: "Voice", key: str, /, **args: Any) -> None:
    voice.line(voice.render(Message(f"mask.{key}", args)))
