"""Makes the add-in files of Excel, LibreOffice and WPS from the one ribbon.xml."""
