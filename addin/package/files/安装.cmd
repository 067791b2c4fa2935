@echo off
chcp 65001 >nul
setlocal
set "FROM=%~dp0"
set "HOME_=%LOCALAPPDATA%\TowerDesk"
set "PYTHONUTF8=1"
echo 塔务台 {version}：正在核对安装包……
"%FROM%python\python.exe" -X utf8 -m addin.package.checking "%FROM%."
if errorlevel 1 (
  echo 安装包不完整，没有安装。请重新解压后再试。
  pause
  exit /b 1
)
if exist "%HOME_%\python\python.exe" "%HOME_%\python\python.exe" -X utf8 -m macros.cli agent stop >nul 2>nul
echo 正在复制到 %HOME_% ……
robocopy "%FROM%python" "%HOME_%\python" /MIR /NFL /NDL /NJH /NJS /NP >nul
if errorlevel 8 goto failed
robocopy "%FROM%app" "%HOME_%\app" /MIR /NFL /NDL /NJH /NJS /NP >nul
if errorlevel 8 goto failed
copy /y "%FROM%塔务台.cmd" "%HOME_%\塔务台.cmd" >nul
copy /y "%FROM%卸载.cmd" "%HOME_%\卸载.cmd" >nul
"%HOME_%\python\python.exe" -X utf8 -m macros.cli addin install
if errorlevel 2 goto failed
echo.
echo 安装完成。台账、设置和已出的单据都没有改动。
pause
exit /b 0
:failed
echo 没有装好：请关闭 Excel、WPS 和 LibreOffice 后再双击“安装.cmd”。台账没有改动。
pause
exit /b 1
