Attribute VB_Name = "TowerLauncher"
Option Explicit
' A click: say so at once, hand it to the resident helper, or start a process of its own. Excel never waits for the work.

Private Const PROBE As Long = 600               ' milliseconds to find out whether the helper is there
Private Const HAND_OVER As Long = 6000          ' milliseconds for a helper that is there to take the click
Private Const STALE As Long = 60                ' seconds after which a status text nobody replaced is dropped
Private Const HIDDEN_WINDOW As Long = 0
Private Const NORMAL_WINDOW As Long = 1
Private Const PERCENT As String = "TOWERDESK_PERCENT"

Private mStatus As String                       ' the status text last shown here
Private mShown As Date                          ' and when

Public Sub Launch(ByVal controlId As String)
    Dim why As String
    On Error GoTo Failed
    ShowStatus controlId
    #If Mac Then
        AppleScriptTask "towerdesk.applescript", "TowerDeskClick", controlId & vbLf & TowerSelection.BookName()
    #Else
        Dim book As String, hwnd As String
        book = TowerSelection.BookName()
        hwnd = CStr(Application.Hwnd)
        Select Case HandedOver(controlId, book, hwnd)
            Case "no"
                StartProcess controlId, book, hwnd
            Case "silent"
                DropStatus
                MsgBox TowerTexts.Say("silent"), vbExclamation, TowerTexts.Say("brand")
        End Select
    #End If
    Exit Sub
Failed:
    why = Err.Number & " " & Err.Description
    On Error Resume Next
    DropStatus
    MsgBox TowerTexts.Filled("not_started", why), vbExclamation, TowerTexts.Say("brand")
End Sub

Private Function HandedOver(ByVal controlId As String, ByVal book As String, ByVal hwnd As String) As String
    ' "yes"; "no" when the helper is away or refuses, so that a process may be started; "silent" when the helper is
    ' there but did not say whether it took the click: starting a process could then do the work twice.
    Dim reply As String
    HandedOver = "no"
    If TowerAgent.Request("GET", "/status", "", PROBE, reply) <> 200 Then Exit Function
    If InStr(1, reply, """towerdesk""", vbBinaryCompare) = 0 Then Exit Function
    Select Case TowerAgent.Request("POST", "/click", ClickBody(controlId, book, hwnd), HAND_OVER, reply)
        Case 200 To 299
            HandedOver = "yes"
        Case 0
            HandedOver = "silent"
    End Select
End Function

Public Function ClickBody(ByVal controlId As String, ByVal book As String, ByVal hwnd As String) As String
    ClickBody = "{""id"": " & TowerAgent.JsonText(controlId) & ", ""host"": ""excel"", ""book"": " & _
        TowerAgent.JsonText(book) & ", ""hwnd"": " & hwnd & ", ""pipe"": """"}"
End Function

Private Sub StartProcess(ByVal controlId As String, ByVal book As String, ByVal hwnd As String)
    Dim runner As Object, python As String, style As Long
    python = Interpreter()
    ' A hidden start also hides the first window a program shows, so only the console of python.exe is hidden.
    style = NORMAL_WINDOW
    If LCase$(Right$(python, 11)) = "\python.exe" Then style = HIDDEN_WINDOW
    Set runner = CreateObject("WScript.Shell")
    runner.Environment("PROCESS").Item(PERCENT) = "%"
    runner.Run CommandLine(python, controlId, book, hwnd), style, False
End Sub

Public Function Interpreter() As String
    ' The Python the installer wrote down, or else the one it brings along.
    Interpreter = TowerAgent.FirstLine(TowerAgent.HomeFolder() & "\launch.txt")
    If Len(Interpreter) = 0 Then Interpreter = TowerAgent.HomeFolder() & "\python\pythonw.exe"
End Function

Public Function CommandLine(ByVal python As String, ByVal controlId As String, ByVal book As String, ByVal hwnd As String) As String
    ' -P: packages of the folder Excel happens to be in are not loaded. --book= in one word: a name may begin with -.
    CommandLine = Quoted(python) & " -P -X utf8 -m addin click " & controlId & " --host excel " & Quoted("--book=" & book) & " --hwnd " & hwnd
End Function

Private Function Quoted(ByVal word As String) As String
    ' WScript.Shell.Run expands %NAME%; a % of ours is itself written as a variable that holds one.
    ' Windows allows no quotation mark in file names, so there is none to escape.
    Quoted = """" & Replace(word, "%", "%" & PERCENT & "%") & """"
End Function

Private Sub ShowStatus(ByVal controlId As String)
    mStatus = TowerTexts.Filled("status", TowerTexts.Say(controlId))
    mShown = Now
    Application.StatusBar = mStatus
End Sub

Private Sub DropStatus()
    mStatus = ""
    Application.StatusBar = False
End Sub

Public Sub DropStaleStatus()
    ' The click's process clears the status bar; should it have died, the text does not stay for ever.
    If Len(mStatus) = 0 Then Exit Sub
    If DateDiff("s", mShown, Now) < STALE Then Exit Sub
    If CStr(Application.StatusBar) = mStatus Then Application.StatusBar = False
    mStatus = ""
End Sub
