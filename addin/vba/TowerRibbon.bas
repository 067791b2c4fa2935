Attribute VB_Name = "TowerRibbon"
Option Explicit
' What the ribbon calls: every button comes here and is told apart by its id.
' Sources are ASCII; what users read lies on the add-in's own sheet (TowerTexts).

Private mRibbon As IRibbonUI
Private mPlace As String            ' where the selection was when the ribbon was last redrawn

Public Sub OnLoad(ribbon As IRibbonUI)
    On Error Resume Next
    Set mRibbon = ribbon
    ThisWorkbook.Watch
End Sub

Public Sub OnAction(control As IRibbonControl)
    Press control.ID
End Sub

Public Sub OnEnabled(control As IRibbonControl, ByRef returnedVal)
    returnedVal = IsEnabled(control.ID, control.Tag)
End Sub

Public Sub Press(ByVal controlId As String)
    If IsSafeId(controlId) Then
        TowerMenu.Forget            ' the command may change what the rows allow
        TowerLauncher.Launch controlId
    End If
End Sub

Public Function IsSafeId(ByVal candidate As String) As Boolean
    ' The id becomes part of a call: A-Z, a-z, 0-9 and _ only, whatever the locale takes for a letter.
    Dim i As Long
    For i = 1 To Len(candidate)
        Select Case AscW(Mid$(candidate, i, 1))
            Case 65 To 90, 97 To 122, 48 To 57, 95
            Case Else
                Exit Function
        End Select
    Next i
    IsSafeId = Len(candidate) > 0
End Function

Public Function IsEnabled(ByVal controlId As String, ByVal sheets As String) As Boolean
    ' A button without sheets works anywhere; one with sheets only there, and where the rows allow it.
    On Error GoTo Unknown
    IsEnabled = True
    If Len(sheets) > 0 Then IsEnabled = HasWord(sheets, TowerSelection.SheetName())
    If IsEnabled And Len(sheets) > 0 Then IsEnabled = TowerMenu.Allows(controlId)
    Exit Function
Unknown:
    IsEnabled = True                ' the command itself says what it misses
End Function

Public Function HasWord(ByVal words As String, ByVal word As String) As Boolean
    HasWord = Len(word) > 0 And InStr(1, " " & words & " ", " " & word & " ", vbBinaryCompare) > 0
End Function

Public Sub Follow()
    ' The selection moved. Redraw only when it came to other rows, another sheet or another workbook.
    Dim place As String
    On Error Resume Next
    TowerLauncher.DropStaleStatus
    place = TowerSelection.PlaceKey()
    If place = mPlace Then Exit Sub
    mPlace = place
    Redraw
End Sub

Public Sub Renew()
    ' A workbook was saved: the same rows may allow other papers now.
    On Error Resume Next
    TowerMenu.Forget
    Redraw
End Sub

Private Sub Redraw()
    If Not mRibbon Is Nothing Then mRibbon.Invalidate
End Sub
