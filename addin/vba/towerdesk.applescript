-- Starts the process of a click for Excel on a Mac, which may not start programs itself.
-- Excel runs it from ~/Library/Application Scripts/com.microsoft.Excel.
-- parcel: the button's id on its first line, the workbook's name on the second.
on TowerDeskClick(parcel)
	set controlId to paragraph 1 of parcel
	set bookName to ""
	if (count of paragraphs of parcel) > 1 then set bookName to paragraph 2 of parcel
	set notes to POSIX path of (path to home folder) & "Library/Application Support/TowerDesk/launch.txt"
	set interpreter to do shell script "/usr/bin/iconv -f UTF-16 -t UTF-8 " & quoted form of notes & " | /usr/bin/head -n 1 | /usr/bin/tr -d '\\r'"
	-- An error here reaches Excel, which then says how to mend it.
	do shell script "/bin/test -x " & quoted form of interpreter
	do shell script quoted form of interpreter & " -P -X utf8 -m addin click " & quoted form of controlId & " --host excel " & quoted form of ("--book=" & bookName) & " > /dev/null 2>&1 &"
	return "started"
end TowerDeskClick
