# Exports Word files to PDF with Word itself. -Orders names a JSON file: [{"source": "...", "target": "..."}, ...].
# Answers one JSON object per line: {"word": process}, then for each order {"done": true} or {"failed": "why"}.
# ASCII only: Windows PowerShell reads scripts without a byte order mark in the machine's own code page.
param([Parameter(Mandatory = $true)][string]$Orders)
$ErrorActionPreference = 'Stop'
function Say($words) {
    $text = ConvertTo-Json $words -Compress
    $ascii = [regex]::Replace($text, '[^\x20-\x7e]', { param($m) '\u{0:x4}' -f [int][char]$m.Value })
    [Console]::Out.WriteLine($ascii)
    [Console]::Out.Flush()
}
$before = @(Get-Process -Name WINWORD -ErrorAction SilentlyContinue | ForEach-Object { $_.Id })
$word = New-Object -ComObject Word.Application
try {
    $word.Visible = $false
    $word.DisplayAlerts = 0           # wdAlertsNone
    $word.AutomationSecurity = 3      # msoAutomationSecurityForceDisable
    $own = @(Get-Process -Name WINWORD | ForEach-Object { $_.Id } | Where-Object { $before -notcontains $_ })
    $id = 0
    if ($own.Count -eq 1) { $id = $own[0] }
    Say @{ word = $id }
    foreach ($order in @(Get-Content -LiteralPath $Orders -Encoding UTF8 -Raw | ConvertFrom-Json | ForEach-Object { $_ })) {
        $document = $null
        try {
            # FileName, ConfirmConversions, ReadOnly, AddToRecentFiles, PasswordDocument: a wrong one fails, none asks
            $document = $word.Documents.Open($order.source, $false, $true, $false, 'none')
            # wdExportFormatPDF = 17, OpenAfterExport, wdExportOptimizeForPrint = 0
            $document.ExportAsFixedFormat($order.target, 17, $false, 0)
            Say @{ done = $true }
        } catch {
            Say @{ failed = $_.Exception.Message }
        } finally {
            if ($null -ne $document) { $document.Close(0) }   # wdDoNotSaveChanges
        }
    }
} finally {
    $word.Quit(0)
    [void][Runtime.InteropServices.Marshal]::ReleaseComObject($word)
}
