"""`fcsp data synth --for-target`: the data set that a platform loads before a run."""

from pathlib import Path

from conformance.cli.shared.errors import Failure
from conformance.model.text import Lang, Message


def make_set(
    lang: Lang,
    for_target: Path,
    output: Path,
    seed: int,
    nonce: str | None,
    standard: Path | None,
    *,
    force: bool,
) -> None:
    import secrets

    from conformance.cli.shared.inputs import day
    from conformance.cli.shared.one_run import judges
    from conformance.cli.shared.voice import Voice
    from conformance.loader import load_standard, load_target
    from conformance.preload import export

    if output.exists() and any(output.iterdir()) and not force:
        raise Failure("set_exists", folder=str(output))
    if not for_target.is_file():
        raise Failure("no_target", file=str(for_target))
    voice, loaded = Voice(lang), load_standard(standard)
    target = load_target(for_target, standard, with_data=False)
    checks, monitors = judges(loaded)
    about = [voice.messages.render(Message("data.about"), each) for each in (Lang.ZH, Lang.EN)]
    made = export(
        output,
        loaded,
        target,
        checks,
        monitors,
        seed=seed,
        set_id=nonce or secrets.token_hex(8),
        day=day(None),
        readme="\n\n".join(about),
    )
    voice.say("set_written", folder=made.folder, records=made.records, items=made.items)
