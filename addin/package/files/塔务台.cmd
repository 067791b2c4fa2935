@echo off
setlocal EnableExtensions DisableDelayedExpansion
set "PYTHONHOME="
set "PYTHONPATH="
"%~dp0python\python.exe" -P -X utf8 -m macros.cli %*
exit /b %errorlevel%
