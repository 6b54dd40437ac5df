"""`fcsp data synth --for-target`: the data set that a platform loads before a run."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from conformance.cli.shared.errors import CommandError
from conformance.cli.shared.judges import all_checks_and_monitors
from conformance.cli.shared.voice import Voice
from conformance.loader import load_standard, load_target
from conformance.model import clock
from conformance.model.text import Lang, Message
from conformance.preload import export


@dataclass(frozen=True, slots=True)
class DataSetRequest:
    """A request for the data set of one platform."""

    target: Path
    output: Path
    seed: int
    nonce: str | None
    """Id of the data set; None for a fresh one."""
    standard: Path | None
    force: bool


def make_data_set(request: DataSetRequest, voice: Voice) -> None:
    """Write the data set. Raises CommandError, TargetErrors, StandardErrors."""
    if request.output.exists() and any(request.output.iterdir()) and not request.force:
        raise CommandError("set_exists", folder=str(request.output))
    if not request.target.is_file():
        raise CommandError("no_target", file=str(request.target))
    standard = load_standard(request.standard)
    target = load_target(request.target, request.standard, with_data=False)
    checks, monitors = all_checks_and_monitors(standard)
    readme = [voice.messages.render(Message("data.about"), lang) for lang in (Lang.ZH, Lang.EN)]
    data_set = export(
        request.output,
        standard,
        target,
        checks,
        monitors,
        seed=request.seed,
        set_id=request.nonce or secrets.token_hex(8),
        day=clock.today(),
        readme="\n\n".join(readme),
    )
    voice.say("set_written", folder=data_set.folder, records=data_set.records, items=data_set.items)
