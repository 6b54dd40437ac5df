"""Disclosing files one after the other, and saying what became of each."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.cli.shared.errors import Failure
from conformance.model.text import Message

if TYPE_CHECKING:
    from conformance.cli.shared.progress import BytesProgress
    from conformance.cli.shared.voice import Voice
    from conformance.data.files import File
    from conformance.data.mask import MaskCounts, MaskPlan

_SHOWN = 10


def failure(key: str, /, **args: Any) -> Failure:
    """A command cannot mask; the message is one of `mask`."""
    found = Failure(key)
    found.message = Message(f"mask.{key}", args)
    return found


def disclose(meant: "Mapping[File, MaskPlan]", output: Path, voice: "Voice", *, force: bool) -> bool:
    """Every file that can be read, by its plan; whether all of them could, to the last row."""
    from conformance.cli.shared.output_guards import sure_of_folder
    from conformance.cli.shared.progress import BytesProgress
    from conformance.data.mask import output_paths

    targets = output_paths(sorted(meant, key=lambda file: file.number), output)
    _writable(targets, len(meant), force=force)
    sure_of_folder("--output", output, targets, [file.path for file in meant])
    progress = BytesProgress(sum(file.size for file in meant), voice)
    done = [_one(meant[file], file, target, progress, voice) for target, file in targets.items()]
    return all(done)


def _one(plan: "MaskPlan", file: "File", target: Path, progress: "BytesProgress", voice: "Voice") -> bool:
    from conformance.data.files import ReadErrors, layout
    from conformance.data.mask import disclose_file, open_source

    columns = layout(plan.request.item, plan.request.standard.checklist)
    try:
        source = open_source(file, plan, columns, progress.read)
        counts = disclose_file(plan, source, target, progress.see)
    except ReadErrors as errors:
        progress.end()
        _say(voice, "broken", file=file.display_path, why=errors.problems[0].message)
        return False
    progress.end()
    _tell(file, target, counts, voice)
    return not counts.unreadable


def _writable(targets: Iterable[Path], files: int, *, force: bool) -> None:
    found = list(targets)
    if len(found) < files:
        raise failure("same_name", count=files - len(found))
    there = [str(path) for path in found if path.exists()]
    if there and not force:
        raise failure("exists", files=there[:_SHOWN], count=len(there))


def _tell(file: "File", target: Path, counts: "MaskCounts", voice: "Voice") -> None:
    _say(
        voice,
        "done",
        file=file.display_path,
        output=str(target),
        rows=f"{counts.rows:,}",
        alone=f"{counts.single:,}",
    )
    if not counts.unreadable:
        return
    _say(voice, "lost", file=file.display_path, count=f"{counts.unreadable:,}")
    for line, reason in counts.first_unreadable:
        _say(voice, "lost_line", line=line, why=Message(f"bulk.line_{reason}"))


def _say(voice: "Voice", key: str, /, **args: Any) -> None:
    voice.line(voice.render(Message(f"mask.{key}", args)))
