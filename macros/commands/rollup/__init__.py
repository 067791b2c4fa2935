"""The province: its cities found and read one by one, ranked, and drawn as workbook and paper."""
