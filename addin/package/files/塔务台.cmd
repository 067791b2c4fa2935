@echo off
chcp 65001 >nul
set "PYTHONUTF8=1"
"%~dp0python\python.exe" -X utf8 -m macros.cli %*
exit /b %errorlevel%
