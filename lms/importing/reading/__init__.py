"""From an uploaded file to rows of plain cells: plain functions, no database, no queue.

The order of the steps, each a function of one module:

    kind = check_upload(path, name)                    files.py      FileKind (kinds.py)
    sheets = read_sheets(path, kind)                   sheets.py     list[Sheet(name, rows)]
    encoding = suspect_encoding(sheet.texts())         encodings.py  LegacyEncoding | None
    sheet = convert_sheet(sheet, encoding)             encodings.py  when a person has said yes
    table = find_table(sheet)                          tables.py     Table
    mapping = suggest_mapping(table.labels, fields)    mapping.py    {field.key: column}
    value = as_text(cell) …                            cells.py      a value, None, or Refusal

- What cannot be read is a `lms.core.refusal.Refusal`: `message` is a full translated sentence,
  `code` is for the machine.
- A `Cell` is `str | int | float | bool | date | datetime | None`. `Sheet.rows` is a list of lists of
  cells; row n of the sheet is `rows[n - 1]`, a blank row is `[]`, trailing blanks are cut off.
- `Table(header_rows, labels, rows, left_out)`: `header_rows` are row numbers
  counted from 1; `labels` one for each column ("Ngày sinh / Năm"; "" where the header says
  nothing); `rows` are `TableRow(number, cells)`, each as long as `labels`; `left_out` are
  `LeftOut(number, reason, text)`.
  Columns “Nam” and “Nữ” that hold ticks or births come as year of birth and sex.
  Raises `Refusal` when there is no table or it has more than `MAX_DATA_ROWS` rows.
- A field of `suggest_mapping` is anything with `key: str` and `aliases: Sequence[str]`.
- `as_text(cell) -> str` ("" for a blank); `as_date`, `as_year`, `as_sex` give None for a blank;
  `as_phone(cell) -> ParsedPhone | None` never raises: a number that does not work today comes
  with its `problem` and `raw`, and `phone_problem(parsed)` is the Refusal that says so.
- `keep_phone` and `keep_year` of `odd_cells` also read cells that hold more or less than that, and
  tell what of it is kept; `says_nothing` knows the words for an empty cell.
"""
