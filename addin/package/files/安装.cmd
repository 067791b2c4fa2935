@echo off
rem ASCII down to the last label: a batch file is read in the code page of the day. Python says the rest.
setlocal EnableExtensions DisableDelayedExpansion
set "PYTHONHOME="
set "PYTHONPATH="
title TowerDesk {version}
if not exist "%~dp0python\python.exe" goto zipped
if not exist "%~dp0SHA256SUMS.txt" goto zipped
"%~dp0python\python.exe" -P -X utf8 -m addin.package.placing "%~dp0."
set "STATUS=%errorlevel%"
echo.
pause
exit /b %STATUS%
:zipped
chcp 65001 >nul
echo.
echo 压缩包里不能直接安装：请关闭本窗口，右键压缩包，选“全部解压缩”，
echo 打开解压出来的“塔务台”文件夹，再双击那里的“安装.cmd”。
echo 已经解压仍见到这句话的，是杀毒软件拿走了 python\python.exe，请从隔离区恢复。
echo.
pause
exit /b 2
