import { describe, expect, test } from "bun:test"
import { CsvNumber, csvField, csvLine } from "./csv.ts"

describe("csv", () => {
  test("quotes as RFC 4180 asks, and only then", () => {
    expect(csvLine(["plain", 'say "hi"', "a,b", "two\nlines", "cr\rhere", null, 5, -7, 12n])).toBe(
      'plain,"say ""hi""","a,b","two\nlines","cr\rhere",,5,-7,12\r\n',
    )
  })

  test("text that a spreadsheet would run is marked as text; numbers are not", () => {
    for (const start of ["=", "+", "-", "@", "\t", "\r", "\n", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"]) {
      const field = csvField(`${start}HYPERLINK("x")`)
      expect(field.replace(/^"/, "").startsWith("'")).toBe(true)
    }
    expect(csvField("a=b")).toBe("a=b")
    expect(csvLine([new CsvNumber("-1.9"), -1_900_000])).toBe("-1.9,-1900000\r\n")
  })

  test("a number is a plain decimal or a defect", () => {
    for (const text of ["=1", "1e5", "", "-", "1.", ".5", "1,000", "-1.9 "]) expect(() => new CsvNumber(text)).toThrow()
  })
})
