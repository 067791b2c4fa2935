"""A fresh copy, in a folder with a space and Chinese and a shell that has set nothing: the README works as printed.

The environment is this one's, since making one takes the network; ``./run bench newcomer`` makes a new one.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

from addin.install import environment
from benchmarks.newcomer import commands, newcomer

ROOT = Path(__file__).parents[1]
README = commands((ROOT / "README.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program without anything that using it has made, its environment already there."""
    place = tmp_path_factory.mktemp("新人") / "塔务台 & 100% new"
    made = shutil.ignore_patterns("__pycache__", ".*", "pictures", "dist", "demo", "tests")
    shutil.copytree(ROOT, place, ignore=made)
    python = place / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{place}" exec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    for name in (environment.RUN, environment.ALL):
        shutil.copy(ROOT / name, place / ".venv")
    (place / ".venv" / environment.MADE_IN).write_text(str(place), encoding="utf-8")
    return place


def test_the_day_of_the_readme_works_as_printed(clone: Path, tmp_path: Path) -> None:
    day = [line for line in README if line not in ("./run demo", "./run test")]
    assert [line.split()[1] for line in day] == ["init", "import", "check", "dashboard", "form", "bill", "report"]
    done = [newcomer(clone, line, tmp_path, "TOWERDESK_NOW=2026-11-21T15:30") for line in day]
    assert [one.stderr for one in done] == [""] * len(day)
    assert [one.returncode for one in done] == [0, 1, 0, 0, 1, 1, 0]  # what the sample city holds is told, never refused
    made = {path.suffix for path in (clone / "台账").rglob("*")}
    assert {".xlsx", ".docx"} <= made and (clone / "台账" / "工作台.xlsx").exists()


@pytest.mark.parametrize(("line", "said"), [("./run", "用法：towerdesk"), ("LC_ALL=C ./run --help", "用法：towerdesk"), ("umask 077; cd /; \"$OLDPWD/run\" workdays add 2026-09-24 3", "2026-09-30")])
def test_any_shell_and_folder_will_do(clone: Path, tmp_path: Path, line: str, said: str) -> None:
    done = newcomer(clone, line, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert said in done.stdout


def test_a_folder_that_cannot_be_written_to_is_named(clone: Path, tmp_path: Path) -> None:
    done = newcomer(clone, 'run="$PWD/run"; cd /sys && "$run" selftest', tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "“/sys”不能写入：没有权限" in done.stderr


def test_a_benchmark_that_is_not_there_is_told_how_they_are_named(clone: Path, tmp_path: Path) -> None:
    done = newcomer(clone, "./run bench nothing", tmp_path)
    assert (done.returncode, "用法：./run bench 名称" in done.stderr) == (2, True)


@pytest.fixture
def bare(clone: Path, tmp_path: Path) -> Path:
    """The program without an environment, as it is cloned; only what making one reads."""
    place = tmp_path / "裸 clone"
    (place / "addin" / "install").mkdir(parents=True)
    for name in ("run", "requirements.lock", "requirements-run.lock", "addin/install/environment.py", "addin/install/environment.toml"):
        shutil.copy(clone / name, place / name)
    return place


def commands_of(folder: Path, **programs: str) -> str:
    """A search path of our own: what ``run`` calls of the system, and these programs."""
    folder.mkdir()
    for name in ("sh", "dirname", "cat", "cmp", "cksum", "tr", "readlink"):
        (folder / name).symlink_to(str(shutil.which(name)))
    for name, text in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return str(folder)


def typed(place: Path, path: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "./run", "demo"], cwd=place, env={"PATH": path, **environment}, capture_output=True, encoding="utf-8", check=False,
    )


def test_a_machine_without_python_is_told(bare: Path, tmp_path: Path) -> None:
    done = typed(bare, commands_of(tmp_path / "bin", python3="exit 1"))
    assert (done.returncode, "需要 Python 3.11 或更新版本" in done.stderr) == (2, True)


def test_a_python_without_venv_is_told_the_package_to_install(bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Debian's Python without python3-venv: everything but ensurepip. The one that is there is told by a hook at its start.
    hook = "import sys; sys.modules['ensurepip'] = None\nimport runpy; sys.argv = sys.argv[1:]\nrunpy.run_path(sys.argv[0], run_name='__main__')\n"
    (tmp_path / "hook.py").write_text(hook, encoding="utf-8")
    python = f'[ "$1" = -c ] && case $2 in *ensurepip*) exit 1 ;; *) exit 0 ;; esac\nshift; exec "{sys.executable}" "{tmp_path}/hook.py" "$@"'
    done = typed(bare, commands_of(tmp_path / "bin", python3=python))
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert (done.returncode, f"sudo apt install python{version}-venv" in done.stderr) == (2, True)


def test_an_environment_finds_the_program_and_has_its_command(clone: Path, tmp_path: Path) -> None:
    place = tmp_path / "环 境"
    venv.create(place, with_pip=False)
    environment.link(clone, place / "bin" / "python")
    environment.link(clone, place / "bin" / "python")  # again, as after an update of the lock files
    line = f'cd / && "{place}/bin/towerdesk" --help'
    done = [newcomer(clone, line, tmp_path, setting) for setting in ("LC_ALL=C", "PYTHONUTF8=0", "PYTHONSAFEPATH=1")]
    assert [(one.stdout.splitlines()[0], one.stderr) for one in done] == [("用法：towerdesk [-h] 命令 ...", "")] * 3
    asked = "import sys; from macros import versions; print(versions.__file__, versions.program())"
    told = subprocess.run([place / "bin" / "python", "-c", asked], capture_output=True, encoding="utf-8", check=True, cwd="/")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert told.stdout == f"{clone / 'macros' / 'versions.py'} {version}\n"


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ("WARNING: Retrying (Retry(total=4)) after connection broken by 'NameResolutionError'\nERROR: No matching distribution found for x", "只有第一次使用要联网"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "磁盘空间不够"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "哈希不一致"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]'))", "PIP_CERT="),
        ("ERROR: No matching distribution found for isal==1.8.0", "镜像可能不全"),
        ("ERROR: something new", "运行环境没有建成"),
    ],
)
def test_what_pip_says_becomes_a_sentence_with_its_cure(log: str, said: str) -> None:
    words = [sys.executable, "-c", f"import sys; sys.exit({log!r})"]
    with pytest.raises(environment.Trouble) as trouble:
        environment._done(words, environment.sentences())
    told = str(trouble.value)
    assert said in told.splitlines()[0] + told.splitlines()[1]
    assert Path(told.rpartition("写在 ")[2].partition("；")[0]).read_text(encoding="utf-8").strip() == log
