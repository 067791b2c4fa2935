@echo off
rem The same as `run`, for Windows: needs only Python 3.11 or newer with its launcher.
setlocal
set "HERE=%~dp0"
set "ENVDIR=%HERE%.venv"
set "PY=%ENVDIR%\Scripts\python.exe"
set "PYTHONUTF8=1"
fc /b "%HERE%requirements.lock" "%ENVDIR%\made-for.lock" >nul 2>nul && goto ready
>&2 echo Preparing the environment on first use, about a minute...
py -3 -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>nul
if errorlevel 1 (
  >&2 echo Python 3.11 or newer is needed.
  exit /b 2
)
py -3 -m venv --clear "%ENVDIR%" || exit /b 2
"%PY%" -m pip install -q --disable-pip-version-check --require-hashes -r "%HERE%requirements.lock" >&2 || exit /b 2
"%PY%" -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e "%HERE%." >&2 || exit /b 2
copy /y "%HERE%requirements.lock" "%ENVDIR%\made-for.lock" >nul
:ready
if /i "%~1"=="test" goto test
if /i "%~1"=="bench" goto bench
if /i "%~1"=="python" goto python
"%PY%" -m macros.cli %*
exit /b %errorlevel%
:test
cd /d "%HERE%"
"%ENVDIR%\Scripts\ruff.exe" check . || exit /b 1
"%ENVDIR%\Scripts\mypy.exe" || exit /b 1
"%ENVDIR%\Scripts\lint-imports.exe" || exit /b 1
"%PY%" -m pytest -n 2 --dist loadfile %2 %3 %4 %5 %6 %7 %8 %9
exit /b %errorlevel%
:bench
"%PY%" "%HERE%benchmarks\%~2.py" %3 %4 %5 %6
exit /b %errorlevel%
:python
for /f "tokens=1,* delims= " %%a in ("%*") do "%PY%" %%b
exit /b %errorlevel%
