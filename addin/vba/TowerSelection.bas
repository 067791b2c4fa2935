Attribute VB_Name = "TowerSelection"
Option Explicit
' Where the user is: workbook, sheet and selected rows. Answers are empty where there is no such thing.

Private Const MOST_ROWS As Long = 200           ' as many as the menu of papers looks at
Private Const MOST_LOOKED_AT As Long = 20000    ' rows of a filtered sheet to look through for them

Public Function BookName() As String
    If Not ActiveWorkbook Is Nothing Then BookName = ActiveWorkbook.Name
End Function

Public Function BookPath() As String
    If Not ActiveWorkbook Is Nothing Then BookPath = ActiveWorkbook.FullName
End Function

Public Function SheetName() As String
    If Not ActiveWorkbook Is Nothing Then SheetName = ActiveSheet.Name
End Function

Public Function PlaceKey() As String
    ' Workbook, sheet and rows in a text that differs when they differ; columns do not matter.
    Dim area As Object
    If ActiveWorkbook Is Nothing Then Exit Function
    PlaceKey = BookPath() & vbTab & SheetName()
    If TypeName(Selection) <> "Range" Then Exit Function
    For Each area In Selection.Areas
        PlaceKey = PlaceKey & vbTab & area.Row & "+" & area.Rows.Count
    Next area
End Function

Public Function VisibleRows() As String
    ' The numbers of the selected rows that are not hidden, as a JSON list's inside: 5,6,9.
    Dim area As Object, sheet As Object, row As Long, last As Long, found As Long, looked As Long
    If ActiveWorkbook Is Nothing Then Exit Function
    If TypeName(Selection) <> "Range" Then Exit Function
    Set sheet = ActiveSheet
    For Each area In Selection.Areas
        last = area.Row + area.Rows.Count - 1
        If last > LastUsedRow(sheet) Then last = LastUsedRow(sheet)
        For row = area.Row To last
            looked = looked + 1
            If found = MOST_ROWS Or looked > MOST_LOOKED_AT Then Exit Function
            If Not sheet.Rows(row).Hidden Then
                If InStr(1, "," & VisibleRows & ",", "," & row & ",", vbBinaryCompare) = 0 Then
                    If found > 0 Then VisibleRows = VisibleRows & ","
                    VisibleRows = VisibleRows & row
                    found = found + 1
                End If
            End If
        Next row
    Next area
End Function

Private Function LastUsedRow(ByVal sheet As Object) As Long
    LastUsedRow = sheet.UsedRange.Row + sheet.UsedRange.Rows.Count - 1
End Function
