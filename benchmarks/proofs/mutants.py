"""Whether the tests notice a changed program, in the modules of dates, money, file names and guards.

Each change is made in memory only and tried in a process of its own, with the tests that run through the changed line:
first in a program that is loaded already, which is quick; where nothing is said, in one loaded anew, with all tests of
the module. A change that no test can notice since the program does the same stands in ``equivalent.toml`` with the
reason.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import io
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.proofs.mutating import Mutant, mutants
from benchmarks.proofs.swapping import swap
from macros.data import toml

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from benchmarks.proofs import Figures, Scale

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
#: After so many times the processor time that the tests take unchanged, and some seconds more, a program counts as
#: hanging, and noticed.
_PATIENCE, _GRACE = 3, 5
_LIBRARIES = ("pytest", "hypothesis", "numpy", "openpyxl", "lxml.etree", "docx", "docxtpl", "chinese_calendar")
_HUNG = -signal.SIGXCPU
#: What the settings of the tests load of ours.
_OURS = ("generator.stored", "tests.city")
#: Of libraries loaded before.
_REWRITTEN = "ignore::pytest.PytestAssertRewriteWarning"


def measure(scale: Scale) -> Figures:
    """Every change of every module, or the first ``count`` of the first; with ``--quick`` of one small module."""
    targets = toml(HERE / "mutants.toml")["module"]
    if scale.quick:
        targets = [one for one in targets if one.get("quick")]
    jobs = [(one["file"], one["tests"], scale.count) for one in targets]
    totals: Counter[str] = Counter()
    by_module: dict[str, dict[str, Any]] = {}
    survivors: list[str] = []
    for found in _in_parallel(jobs, scale.processes):
        name = found.pop("file")
        survivors += [f"{name}:{one}" for one in found.pop("survivors")]
        by_module[name] = found
        # A module takes minutes: what is known by now outlives a run that is cut off.
        print(name, json.dumps(found), file=sys.stderr, flush=True)
        for key in ("mutants", "killed", "equivalent", "survived"):
            totals[key] += found[key]
    judged = totals["mutants"] - totals["equivalent"]
    score = round(100 * totals["killed"] / judged, 2) if judged else 0.0
    return {**totals, "score": score, "by_module": by_module, "survivors": survivors, "held": score >= 95}


def _in_parallel(jobs: list[tuple[str, list[str], int]], processes: int) -> Iterator[dict[str, Any]]:
    """Each module in a process of its own, which loads the tests' libraries once."""
    waiting, running = list(jobs), dict[subprocess.Popen[str], str]()
    while waiting or running:
        while waiting and len(running) < processes:
            job = waiting.pop(0)
            command = [sys.executable, "-m", "benchmarks.proofs.mutants", json.dumps(job)]
            process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8")
            running[process] = job[0]
        done = next((one for one in running if one.poll() is not None), None)
        if done is None:
            time.sleep(0.1)
            continue
        name = running.pop(done)
        assert done.stdout is not None
        printed = done.stdout.read()
        if done.returncode:
            raise RuntimeError(f"{name}: {printed}")
        yield json.loads(printed)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from a syntax tree instead of its file."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self.name, self.path, self.tree = name, path, tree

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        """The module, when it is the one."""
        if fullname != self.name:
            return None
        spec = importlib.machinery.ModuleSpec(fullname, self, origin=str(self.path))
        spec.has_location = True
        return spec

    def exec_module(self, module: ModuleType) -> None:
        """Run the changed program."""
        exec(compile(self.tree, str(self.path), "exec"), module.__dict__)


class _Lines:
    """A pytest plugin that notes which tests run through which lines of a file, and how long they take."""

    def __init__(self, path: Path) -> None:
        self.path, self.now = str(path), ""
        self.tests: dict[str, set[int]] = {}
        self.seconds: dict[str, float] = {}

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """A test begins."""
        self.now, self.tests[nodeid], self.seconds[nodeid] = nodeid, set(), time.perf_counter()
        sys.settrace(self._called)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """A test ends."""
        sys.settrace(None)
        self.seconds[nodeid] = time.perf_counter() - self.seconds[nodeid]

    def _called(self, frame: Any, event: str, _: object) -> Any:
        return self._line if frame.f_code.co_filename == self.path else None

    def _line(self, frame: Any, event: str, _: object) -> Any:
        self.tests[self.now].add(frame.f_lineno)
        return self._line


def _tried(tests: list[str], seconds: int, change: Callable[[], None] | None, plugin: object = None) -> int:
    """Run tests in a process split off from this one and changed; 0 all passed, 1 some failed, `_HUNG` too long."""
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        code = 2
        with suppress(BaseException), Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
            if change is not None:
                change()
            import pytest

            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                options = ["-x", "-q", "-p", "no:cacheprovider", "-W", _REWRITTEN, *tests]
                code = int(pytest.main(options, plugins=[plugin] if plugin else []))
            if isinstance(plugin, _Lines):
                through = {name: sorted(lines) for name, lines in plugin.tests.items()}
                told = {"tests": through, "seconds": plugin.seconds}
                with os.fdopen(write, "w", encoding="utf-8") as out:
                    json.dump(told, out)
        os._exit(code)
    os.close(write)
    if isinstance(plugin, _Lines):
        with os.fdopen(read, encoding="utf-8") as told_:
            told = json.loads(told_.read() or '{"tests": {}, "seconds": {}}')
        plugin.tests = {name: set(lines) for name, lines in told["tests"].items()}
        plugin.seconds = told["seconds"]
    else:
        os.close(read)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _module(file: str, tests: list[str], most: int) -> dict[str, Any]:
    """The outcomes of one module's mutants."""
    path, name = ROOT / file, file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    source = path.read_text(encoding="utf-8")
    lines = _Lines(path)
    began = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    if _tried(tests, 900, None, lines):
        raise RuntimeError(f"{file}: its tests fail before anything is changed")
    whole = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - began
    same = {(one["file"], one["line"].strip(), one["what"]) for one in toml(HERE / "equivalent.toml").get("mutant", [])}
    text = source.splitlines()
    found: dict[str, Any] = {"file": file, "mutants": 0, "killed": 0, "equivalent": 0, "survived": 0, "survivors": []}
    for mutant in list(mutants(source))[:most]:
        found["mutants"] += 1
        if (file, text[mutant.line - 1].strip(), mutant.what) in same:
            found["equivalent"] += 1
        elif _noticed(mutant, name, path, lines, tests, whole):
            found["killed"] += 1
        else:
            found["survived"] += 1
            found["survivors"].append(f"{mutant.line}: {mutant.what}")
    return found


def _noticed(mutant: Mutant, name: str, path: Path, lines: _Lines, tests: list[str], whole: float) -> bool:
    """Whether any test fails; first those that run through the line, the quickest first, then all."""
    def anew() -> None:
        _unload()
        sys.meta_path.insert(0, _Finder(name, path, mutant.tree))

    through = [name for name, seen in lines.tests.items() if mutant.line in seen]
    near = sorted(through, key=lambda one: lines.seconds[one])
    patience = int(whole * _PATIENCE) + _GRACE
    if near and _tried(near[:60], patience, lambda: swap(sys.modules[name], mutant.tree)) in (1, _HUNG):
        return True
    return bool(_tried(tests, patience, anew))


def main() -> None:
    """One module, for `_in_parallel`."""
    # What the tests need that is none of ours is loaded once, before the processes split.
    for library in _LIBRARIES:
        with suppress(ImportError):
            importlib.import_module(library)
    with tempfile.TemporaryDirectory() as kept:
        os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = kept
        os.environ["PYTEST_DEBUG_TEMPROOT"] = kept  # pytest closes the usual one to others, who may be at work in it
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        file, tests, most = json.loads(sys.argv[1])
        for own in (*_OURS, file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")):
            importlib.import_module(own)
        print(json.dumps(_module(file, tests, most), ensure_ascii=False))


def _unload() -> None:
    """Forget our own modules, so that every split-off process loads them anew, the changed one among them."""
    for name in [name for name in sys.modules if name.split(".")[0] in ("macros", "generator", "tests")]:
        del sys.modules[name]


if __name__ == "__main__":
    main()
