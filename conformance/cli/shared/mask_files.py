"""The disclosure of files, one after the other, with the outcome of each on the terminal."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from conformance.cli.shared.output_guards import require_output_folder
from conformance.cli.shared.progress import BytesProgress
from conformance.cli.shared.voice import Voice
from conformance.data.files import File, ReadErrors, layout
from conformance.data.mask import MaskCounts, MaskPlan, disclose_file, open_source, output_paths
from conformance.model.errors import UserError
from conformance.model.text import Message

_LISTED = 10


class MaskError(UserError):
    """Files cannot be masked as asked; the message is one of the area `mask`."""

    def __init__(self, key: str, /, **args: object) -> None:
        super().__init__(Message(f"mask.{key}", args))


def disclose(plans: Mapping[File, MaskPlan], output: Path, voice: Voice, *, force: bool) -> bool:
    """Write each file as its plan discloses it; returns True if all of them were read to the last row.

    Raises MaskError, CommandError where outputs cannot be written.
    """
    targets = output_paths(sorted(plans, key=lambda file: file.number), output)
    _require_free(targets, len(plans), force=force)
    require_output_folder("--output", output, targets, [file.path for file in plans])
    progress = BytesProgress(sum(file.size for file in plans), voice)
    complete = [
        _disclose_file(plans[file], file, target, progress, voice) for target, file in targets.items()
    ]
    return all(complete)


def _disclose_file(plan: MaskPlan, file: File, target: Path, progress: BytesProgress, voice: Voice) -> bool:
    columns = layout(plan.request.item, plan.request.standard.checklist)
    try:
        source = open_source(file, plan, columns, progress.count_bytes)
        counts = disclose_file(plan, source, target, progress.count_rows)
    except ReadErrors as errors:
        progress.end()
        _print(voice, "broken", file=file.display_path, why=errors.problems[0].message)
        return False
    progress.end()
    _print_counts(file, target, counts, voice)
    return not counts.unreadable


def _require_free(targets: Iterable[Path], files: int, *, force: bool) -> None:
    paths = list(targets)
    if len(paths) < files:
        raise MaskError("same_name", count=files - len(paths))
    existing = [str(path) for path in paths if path.exists()]
    if existing and not force:
        raise MaskError("exists", files=existing[:_LISTED], count=len(existing))


def _print_counts(file: File, target: Path, counts: MaskCounts, voice: Voice) -> None:
    args = {"rows": f"{counts.rows:,}", "alone": f"{counts.single:,}"}
    _print(voice, "done", file=file.display_path, output=str(target), **args)
    if not counts.unreadable:
        return
    _print(voice, "lost", file=file.display_path, count=f"{counts.unreadable:,}")
    for line, reason in counts.first_unreadable:
        _print(voice, "lost_line", line=line, why=Message(f"bulk.line_{reason}"))


def _print(voice: Voice, key: str, /, **args: object) -> None:
    voice.show(Message(f"mask.{key}", args))
