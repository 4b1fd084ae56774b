# Reads CSV files as spreadsheets and programs do, with Python's csv module, zipfile and exact decimals. stdin: JSON, a list of
# {name, bytes (base64), head (bool)}; those whose name ends in .zip are opened, and each table in them is one more file.
import base64
import csv
import io
import json
import re
import sys
import zipfile
from decimal import Decimal

NUMBER = re.compile(r"-?\d+(\.\d+)?")
FORMULA = "=+-@\t\r\n＝＋－＠"
AMOUNT = re.compile(r"(credits|usd|nano|amount)$", re.IGNORECASE)


def read(name, data, has_head):
    problems = []
    text = data.decode("utf-8", errors="strict")
    if text.startswith("\ufeff"):
        problems.append("begins with a byte order mark")
    if text and not text.endswith("\r\n"):
        problems.append("its last record has no end")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    head = rows.pop(0) if has_head else None
    width = len(head) if has_head else len(rows[0])
    if has_head and (len(set(head)) != width or "" in head):
        problems.append(f"columns have no names of their own: {head}")
    if has_head and head in rows:
        problems.append("its head comes again")
    sums = {}
    for at, row in enumerate(rows, 1):
        if len(row) != width:
            problems.append(f"row {at} has {len(row)} cells, not {width}")
            continue
        for column, cell in zip(head or range(width), row):
            is_number = NUMBER.fullmatch(cell) is not None
            if cell[:1] and cell[0] in FORMULA and not is_number:
                problems.append(f"row {at}: a spreadsheet runs {cell!r}")
            if has_head and AMOUNT.search(column) and cell and not is_number:
                problems.append(f"row {at}: {column} is no decimal: {cell!r}")
            if is_number:
                sums[column] = sums.get(column, Decimal(0)) + Decimal(cell)
    told = {str(column): format(total, "f") for column, total in sums.items()}
    return {"name": name, "head": head, "rows": rows, "sums": told, "problems": problems}


files = []
for one in json.load(sys.stdin):
    data = base64.b64decode(one["bytes"])
    if one["name"].endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            broken = archive.testzip()
            if broken:
                raise ValueError(f"{broken} does not fit its sum")
            for name in archive.namelist():
                if name.endswith(".csv"):
                    content = archive.read(name)
                    # A table without rows has no head either: it is empty.
                    if content:
                        files.append(read(f"{one['name']} {name}", content, True))
    else:
        files.append(read(one["name"], data, one["head"]))
json.dump(files, sys.stdout)
