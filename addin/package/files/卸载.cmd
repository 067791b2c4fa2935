@echo off
rem ASCII down to the last label: a batch file is read in the code page of the day. Python says the rest.
cd /d "%LOCALAPPDATA%"
setlocal EnableExtensions DisableDelayedExpansion
set "PYTHONHOME="
set "PYTHONPATH="
set "PLACE=%LOCALAPPDATA%\TowerDesk"
if not exist "%PLACE%\python\python.exe" goto none
"%PLACE%\python\python.exe" -P -X utf8 -m addin.package.removing
if errorlevel 1 goto kept
rem A folder in use cannot be renamed: then nothing of it is deleted. The helper takes a moment to end.
for %%n in (1 2 3 4 5) do if exist "%PLACE%\python" ren "%PLACE%\python" gone >nul 2>nul || ping -n 3 127.0.0.1 >nul
if exist "%PLACE%\python" goto busy
rmdir /s /q "%PLACE%\gone"
rmdir /s /q "%PLACE%\app"
echo.
echo OK
pause
rem This file goes too, and the folder when no settings are left in it: nothing after this line can be read.
del /q "%PLACE%\*.cmd" & rmdir "%PLACE%" 2>nul & exit 0
:busy
"%PLACE%\python\python.exe" -P -X utf8 -m addin.package.removing busy
:kept
echo.
pause
exit /b 1
:none
chcp 65001 >nul
echo 没有安装塔务台。
pause
exit /b 0
