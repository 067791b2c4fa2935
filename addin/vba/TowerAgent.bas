Attribute VB_Name = "TowerAgent"
Option Explicit
' Talks to the resident helper on this machine, when it runs. A Mac starts a process for each click.

Private Const DIRECT As Long = 1                ' no proxy: the helper is on this machine
Private Const ASCII As Long = 0
Private Const UNICODE As Long = -1

Public Function Request(ByVal verb As String, ByVal path As String, ByVal body As String, ByVal patience As Long, ByRef reply As String) As Long
    ' The status of the helper's answer, 0 when none came within patience milliseconds; reply gets its text.
    Dim http As Object, card As String, port As String
    reply = ""
    On Error GoTo NoAnswer
    card = FileText(HomeFolder() & "\agent.json", ASCII)
    port = JsonNumber(card, "port")
    If Len(port) = 0 Then Exit Function
    Set http = CreateObject("MSXML2.ServerXMLHTTP.6.0")
    http.setProxy DIRECT
    http.setTimeouts patience \ 6, patience \ 3, patience \ 6, patience \ 3
    http.Open verb, "http://127.0.0.1:" & port & path, False
    http.setRequestHeader "X-TowerDesk-Token", JsonString(card, "token")
    http.setRequestHeader "Content-Type", "application/json"
    http.setRequestHeader "Accept", "text/plain"
    http.send body
    reply = http.responseText
    Request = http.Status
    Exit Function
NoAnswer:
    Request = 0
End Function

Public Function HomeFolder() As String
    ' The program's folder of this user; WScript.Shell keeps names that the system code page lacks.
    Dim user As Object
    Set user = CreateObject("WScript.Shell")
    HomeFolder = user.ExpandEnvironmentStrings("%TOWERDESK_HOME%")
    If HomeFolder = "%TOWERDESK_HOME%" Then HomeFolder = user.ExpandEnvironmentStrings("%LOCALAPPDATA%") & "\TowerDesk"
End Function

Public Function FirstLine(ByVal path As String) As String
    ' The first line of a UTF-16 file, without blanks around it; empty when there is none.
    Dim content As String, at As Long
    content = Replace(FileText(path, UNICODE), vbCr, vbLf)
    at = InStr(1, content, vbLf, vbBinaryCompare)
    If at > 0 Then content = Left$(content, at - 1)
    FirstLine = Trim$(content)
End Function

Private Function FileText(ByVal path As String, ByVal encoding As Long) As String
    Dim files As Object, stream As Object
    On Error GoTo Unreadable
    Set files = CreateObject("Scripting.FileSystemObject")
    If Not files.FileExists(path) Then Exit Function
    Set stream = files.OpenTextFile(path, 1, False, encoding)
    FileText = stream.ReadAll
    stream.Close
    Exit Function
Unreadable:
    FileText = ""
End Function

Public Function JsonText(ByVal plain As String) As String
    ' A text as a JSON string of ASCII characters.
    Dim i As Long, code As Long, character As String
    For i = 1 To Len(plain)
        character = Mid$(plain, i, 1)
        code = AscW(character)      ' below 0 from &H8000 on; Hex$ then writes the same last four digits
        If code < 32 Or code > 126 Then
            character = "\u" & Right$("000" & Hex$(code), 4)
        ElseIf character = """" Or character = "\" Then
            character = "\" & character
        End If
        JsonText = JsonText & character
    Next i
    JsonText = """" & JsonText & """"
End Function

Public Function JsonNumber(ByVal json As String, ByVal field As String) As String
    ' The digits of a number in a flat JSON object; empty when there is no such field.
    Dim at As Long
    at = ValueStart(json, field)
    If at = 0 Then Exit Function
    Do While Mid$(json, at, 1) Like "#"
        JsonNumber = JsonNumber & Mid$(json, at, 1)
        at = at + 1
    Loop
End Function

Public Function JsonString(ByVal json As String, ByVal field As String) As String
    ' A string without escapes in a flat JSON object; empty when there is no such field.
    Dim at As Long, last As Long
    at = ValueStart(json, field)
    If at = 0 Then Exit Function
    If Mid$(json, at, 1) <> """" Then Exit Function
    last = InStr(at + 1, json, """", vbBinaryCompare)
    If last > 0 Then JsonString = Mid$(json, at + 1, last - at - 1)
End Function

Private Function ValueStart(ByVal json As String, ByVal field As String) As Long
    Dim at As Long
    at = InStr(1, json, """" & field & """", vbBinaryCompare)
    If at = 0 Then Exit Function
    at = InStr(at, json, ":", vbBinaryCompare)
    If at = 0 Then Exit Function
    Do
        at = at + 1
    Loop While Mid$(json, at, 1) = " "
    ValueStart = at
End Function
