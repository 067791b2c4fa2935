@echo off
rem The same as `run`, for Windows: needs only Python 3.11 or newer.
setlocal EnableExtensions DisableDelayedExpansion
set "HERE=%~dp0"
set "HERE=%HERE:~0,-1%"
set "ENVDIR=%HERE%\.venv"
set "PY=%ENVDIR%\Scripts\python.exe"
set "PYTHONUTF8=1"
set "LOCK=requirements-run.lock"
for %%w in (test bench python) do if /i "%~1"=="%%w" set "LOCK=requirements.lock"
"%PY%" -c "" >nul 2>nul || goto make
fc /b "%HERE%\%LOCK%" "%ENVDIR%\%LOCK%" >nul 2>nul && goto ready
:make
set "BASE=py -3"
py -3 -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && goto found
rem Without the launcher; where there is no Python, this name is the Microsoft Store's, which only fails.
set "BASE=python"
python -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && goto found
>&2 echo Python 3.11 or newer is needed: https://www.python.org/downloads/
exit /b 2
:found
%BASE% -I "%HERE%\addin\install\environment.py" "%HERE%" "%ENVDIR%" "%LOCK%" || exit /b 2
:ready
if /i "%~1"=="test" goto test
if /i "%~1"=="bench" goto bench
if /i "%~1"=="python" goto python
"%PY%" -P -m macros.cli %*
exit /b %errorlevel%
:test
cd /d "%HERE%"
"%ENVDIR%\Scripts\ruff.exe" check . || exit /b 1
"%PY%" -m mypy || exit /b 1
"%ENVDIR%\Scripts\lint-imports.exe" || exit /b 1
"%PY%" -m pytest -n 2 --dist loadfile %2 %3 %4 %5 %6 %7 %8 %9
exit /b %errorlevel%
:bench
"%PY%" "%HERE%\benchmarks\%~2.py" %3 %4 %5 %6 %7 %8 %9
exit /b %errorlevel%
:python
"%PY%" %2 %3 %4 %5 %6 %7 %8 %9
exit /b %errorlevel%
