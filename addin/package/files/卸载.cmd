@echo off
chcp 65001 >nul
setlocal
set "HOME_=%LOCALAPPDATA%\TowerDesk"
set "PYTHONUTF8=1"
if not exist "%HOME_%\python\python.exe" (
  echo 没有安装塔务台。
  pause
  exit /b 0
)
"%HOME_%\python\python.exe" -X utf8 -m macros.cli addin uninstall
cd /d "%LOCALAPPDATA%"
rmdir /s /q "%HOME_%\app"
rmdir /s /q "%HOME_%\python"
del /q "%HOME_%\塔务台.cmd"
echo 已卸载。台账和已出的单据都没有改动；您的设置保留在 %HOME_%。
pause
(goto) 2>nul & del /q "%HOME_%\卸载.cmd"
