"""`python -m benchmarks.bulk_scan`: searching files for 10,000 values in all guises, one core, with peers."""

import argparse
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.bulk_scan_peers import ceiling, peers, steps
from benchmarks.measure import Spread
from conformance.oracles.encodings import needles
from conformance.oracles.leaks import LeakSearch

MEGA = 1e6
EVERY = 20_000
"""Lines from one plant to the next."""
RUNS = 5


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk_scan", description=__doc__)
    parser.add_argument("--values", type=int, default=10_000)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--engine", default="auto")
    options = parser.parse_args()
    random = Random(0)
    values = {f"v{n}": value for n, value in enumerate(_values(random, options.values))}
    with TemporaryDirectory() as folder:
        for kind in ("ids", "prose"):
            file = Path(folder) / f"{kind}.ndjson"
            plants = _write(file, kind, int(options.megabytes * MEGA), values)
            _measure(kind, file, values, plants, options.engine)
        _memory(Path(folder) / "values.json", Path(folder) / "ids.ndjson", values)


def _values(random: Random, count: int) -> Iterator[str]:
    for number in range(count):
        match number % 5:
            case 0 | 1:
                yield f"1{random.randrange(3 * 10**9, 10**10)}"
            case 2 | 3:
                day = (
                    f"{random.randrange(1950, 2005)}{random.randrange(1, 13):02}{random.randrange(1, 29):02}"
                )
                yield f"990101{day}{random.randrange(1000, 9999)}"
            case _:
                yield "".join(random.choices("王李张刘陈杨赵黄周吴明娜建国伟芳强军磊洋", k=4))


def _write(file: Path, kind: str, size: int, values: dict[str, str]) -> dict[int, str]:
    """A file of records, with a guise of a value in one line of many; the names by line."""
    random, plants = Random(1), {}
    names, size_written, line = list(values), 0, 0
    with file.open("wb") as out:
        while size_written < size:
            line += 1
            record = _record(random, kind)
            if line % EVERY == 0:
                plants[line] = random.choice(names)
                guise = random.choice(needles(values[plants[line]]))
                record["memo"] = f"({guise.text})"
            size_written += out.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
    return plants


def _record(random: Random, kind: str) -> dict[str, object]:
    """A record of an administrative penalty; `prose` has a text with the punctuation of Chinese."""
    number = random.randrange(10**9)
    record: dict[str, object] = {
        "subject.uscc": f"91990101MA{number:08d}",
        "document_no": f"某市监罚字2023第{number % 10000}号",
        "penalty_date": f"20{number % 20 + 10}-0{number % 9 + 1}-1{number % 9}",
        "amount": f"{number % 10**6}.{number % 90 + 10}",
        "phone": f"1{random.randrange(3 * 10**9, 10**10)}",
        "id_no": f"990102{random.randrange(10**11, 10**12)}",
        "authority": "某某市市场监督管理局",
        "content": "没收违法所得并处罚款" * 4,
    }
    if kind == "prose":
        text = f"当事人（{number}）于二〇二三年销售产品，违反《产品质量法》第三十二条：“掺杂”；责令改正。"
        record["content"] = text * 3
    return record


def _measure(kind: str, file: Path, values: dict[str, str], plants: dict[int, str], engine: str) -> None:
    from conformance.data.scan import UnreadFile, ValueSearch, scan_file

    begun = time.process_time()
    search = ValueSearch(values, engine)
    built = time.process_time() - begun
    hits = list(scan_file(search, file, 10**6))
    if any(isinstance(each, UnreadFile) for each in hits):
        raise RuntimeError("the file cannot be read")
    _sure(
        {(e.occurrence.line, e.occurrence.name) for e in hits if not isinstance(e, UnreadFile)},
        plants,
        file,
        values,
    )
    rate = _rate(lambda: list(scan_file(search, file, 10)), file)
    print(f"{kind}: {search.engine} {rate} MB/s, {len(hits)} places, prepared in {built:.1f} s")
    for step, nanoseconds in steps(search, file):
        print(f"{kind}: {step} {nanoseconds:.2f} ns a byte")
    for name, peer in (ceiling(values, file), *peers(values, file)):
        print(f"{kind}: {name} {_rate(peer, file, 2)} MB/s")


def _memory(listed: Path, file: Path, values: dict[str, str]) -> None:
    listed.write_text(json.dumps(values), "utf-8")
    command = [sys.executable, "-m", "benchmarks.bulk_scan_memory", str(listed), str(file)]
    subprocess.run(command, check=True)


def _rate(do: Callable[[], object], file: Path, times: int = RUNS) -> str:
    size, speeds = file.stat().st_size / MEGA, []
    for _ in range(times):
        begun = time.process_time() + _children()
        do()
        speeds.append(size / (time.process_time() + _children() - begun))
    spread = Spread.of(speeds)
    return f"{spread.least:.0f} / {spread.middle:.0f} / {spread.greatest:.0f}"


def _children() -> float:
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _sure(hits: set[tuple[int, str]], plants: dict[int, str], file: Path, values: dict[str, str]) -> None:
    """Every plant that the reference finds is found, and nothing that the reference does not find."""
    places = sorted(plants.items() | hits)
    line_numbers = {line + near for line, _ in places for near in (-2, -1, 0, 1, 2)}
    with file.open("rb") as lines:
        line_by_number = {n: line for n, line in enumerate(lines, 1) if n in line_numbers}
    undetected = 0
    for line, name in places:
        window = b"".join(line_by_number.get(line + near, b"") for near in (-1, 0, 1))
        expected = bool(LeakSearch({name: values[name]}).content(window))
        if expected and (line, name) not in hits:
            undetected += 1
    astray = [each for each in hits if not _in_a_window(each, line_by_number, values)]
    if undetected or astray:
        raise RuntimeError(f"{undetected} missed, {len(astray)} astray: the figures would mean nothing")


def _in_a_window(each: tuple[int, str], held: dict[int, bytes], values: dict[str, str]) -> bool:
    line, name = each
    search = LeakSearch({name: values[name]})
    windows = (range(line + first, line + first + 3) for first in (-2, -1, 0))
    return any(search.content(b"".join(held.get(n, b"") for n in window)) for window in windows)


if __name__ == "__main__":
    sys.stdout = io.TextIOWrapper(sys.stdout.buffer, line_buffering=True)
    main()
