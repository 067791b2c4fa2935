Attribute VB_Name = "TowerTexts"
Option Explicit
' What users read: column A of the add-in's own sheet names a text, column B holds it.

Public Function Say(ByVal key As String) As String
    Dim sheet As Object, at As Long
    On Error GoTo Missing
    Set sheet = ThisWorkbook.Worksheets(1)
    at = 1
    Do While Len(sheet.Cells(at, 1).Value) > 0
        If sheet.Cells(at, 1).Value = key Then
            Say = sheet.Cells(at, 2).Value
            Exit Function
        End If
        at = at + 1
    Loop
Missing:
    Say = key
End Function

Public Function Filled(ByVal key As String, ByVal detail As String) As String
    ' A text with its place {0} filled.
    Filled = Replace(Say(key), "{0}", detail)
End Function
