Attribute VB_Name = "TowerMenu"
Option Explicit
' Which papers the selected rows allow, as the resident helper says; asked once for a selection.

Private Const PATIENCE As Long = 300            ' milliseconds the ribbon may wait
Private Const PAUSE As Long = 30                ' seconds without asking after no answer came

Private mPlace As String                        ' the selection mAllowed is of
Private mAllowed As String                      ' the ids, separated by spaces
Private mKnown As Boolean                       ' mAllowed was answered
Private mRefused As Date                        ' when no answer came last; 0 before that

Public Function Allows(ByVal controlId As String) As Boolean
    ' Unknown is allowed: the command itself checks the rows and says what they miss.
    Dim place As String
    place = TowerSelection.PlaceKey()
    If Not (mKnown And place = mPlace) Then
        mKnown = Ask(mAllowed)
        mPlace = place
    End If
    Allows = True
    If mKnown Then Allows = TowerRibbon.HasWord(mAllowed, controlId)
End Function

Public Sub Forget()
    mKnown = False
End Sub

Private Function Ask(ByRef allowed As String) As Boolean
    #If Mac Then
    #Else
        Dim rows As String
        If mRefused <> 0 Then
            If DateDiff("s", mRefused, Now) < PAUSE Then Exit Function
        End If
        rows = TowerSelection.VisibleRows()
        If Len(rows) = 0 Then Exit Function
        Ask = TowerAgent.Request("POST", "/menu", Body(TowerSelection.BookPath(), TowerSelection.SheetName(), rows), PATIENCE, allowed) = 200
        If Not Ask Then mRefused = Now
    #End If
End Function

Public Function Body(ByVal path As String, ByVal sheet As String, ByVal rows As String) As String
    Body = "{""path"": " & TowerAgent.JsonText(path) & ", ""sheet"": " & TowerAgent.JsonText(sheet) & ", ""rows"": [" & rows & "]}"
End Function
