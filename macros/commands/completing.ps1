# Completes TowerDesk's commands and options. In $PROFILE: towerdesk completion powershell | Out-String | Invoke-Expression
# ASCII, so that no code page between the program and PowerShell can harm it.
Register-ArgumentCompleter -Native -CommandName (
    'towerdesk', 'towerdesk.cmd', 'run', 'run.cmd', [regex]::Unescape('\u5854\u52a1\u53f0'), [regex]::Unescape('\u5854\u52a1\u53f0.cmd')
) -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $known = @{
@KNOWN@
    }
    $path = ''
    $before = ''
    foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
        if ($element.Extent.EndOffset -ge $cursorPosition -and $wordToComplete) { break }
        $before = $element.Extent.Text
        $longer = "$path $before".Trim()
        if ($known.ContainsKey($longer) -and -not $before.StartsWith('-')) { $path = $longer }
    }
    if ($known.ContainsKey("$path $before")) { $path = "$path $before" }
    foreach ($one in ($known[$path] -split "`n")) {
        $word, $told = $one -split ' ', 2
        if ($word -like "$wordToComplete*") {
            [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', [regex]::Unescape($told))
        }
    }
}
