"""A batch pressed by a real Dask cluster on this machine: the same bytes; and what is said where there is none."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import kills
from benchmarks.notice_register import NOW, build
from macros.hosts import Refused
from tests.city import ROOT, contents, run

pytest.importorskip("distributed")


class Program:
    """A program of the cluster, ended with the test."""

    def __init__(self, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]], cwd=ROOT, stderr=subprocess.PIPE, text=True
        )

    def said(self, wanted: str) -> str:
        """The first line on standard error with these words."""
        assert self.process.stderr is not None
        return next(line for line in self.process.stderr if wanted in line)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stderr is not None
        self.process.stderr.close()


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """A scheduler and two workers as processes of their own; gives the scheduler's address."""
    scheduler = Program("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
    address = "tcp://127.0.0.1:" + scheduler.said("Scheduler at:").strip().rpartition(":")[2]
    workers = [
        Program("dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--memory-limit", "0")
        for _ in range(2)
    ]
    for worker in workers:
        worker.said("Registered to:")
    yield address
    for program in (*workers, scheduler):
        program.end()


@pytest.fixture(scope="module")
def notices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notices") / "台账"
    build(folder, 150)
    return folder


def test_a_cluster_of_two_workers_makes_the_same_papers(notices: Path, tmp_path: Path, cluster: str) -> None:
    ours, theirs = (Path(shutil.copytree(notices, tmp_path / name)) for name in ("ours", "theirs"))
    run("form", "3.13", [], ours, every=True, now=NOW)
    run("form", "3.13", [], theirs, every=True, now=NOW, cluster=cluster)
    assert contents(ours / "单据") == contents(theirs / "单据")
    assert kills.entered(ours) == kills.entered(theirs)
    assert len(kills.papers(theirs)) == 150


def test_a_months_bill_of_a_cluster_is_the_same(full: Path, tmp_path: Path, cluster: str) -> None:
    run("bill", "2026-10", full, out=tmp_path / "ours", now=NOW, dry_run=True)
    run("bill", "2026-10", full, out=tmp_path / "theirs", now=NOW, dry_run=True, cluster=cluster)
    assert contents(tmp_path / "ours") == contents(tmp_path / "theirs") != {}


def test_a_cluster_that_does_not_answer_is_refused(
    notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    from macros.commands import crews

    monkeypatch.setattr(crews, "_PATIENCE", 0.5)
    with pytest.raises(Refused) as caught:
        run("form", "3.13", [], notices, every=True, out=tmp_path, cluster="tcp://127.0.0.1:9")
    assert caught.value.finding.code == "BAT012"


def test_without_dask_a_cluster_is_refused_with_the_cure(
    notices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Refused, match="dask") as caught:
        run("form", "3.13", [], notices, every=True, out=tmp_path, cluster="tcp://127.0.0.1:8786")
    assert caught.value.finding.code == "BAT013"
