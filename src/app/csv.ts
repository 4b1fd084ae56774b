// Comma-separated values as RFC 4180 writes them, safe to open in a spreadsheet: text that a program would run as a formula is
// marked as text (OWASP, CSV injection). Numbers of ours pass as they are.

/** What spreadsheets take for the start of a formula, full-width forms included. */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/

/** `null` is an empty field. Text that begins like a formula gets an apostrophe in front; numbers and bigints never do. */
export function csvField(value: string | number | bigint | null): string {
  if (value === null) return ""
  if (typeof value !== "string") return String(value)
  const text = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** One record with its line end. */
export const csvLine = (fields: readonly (string | number | bigint | CsvNumber | null)[]): string =>
  `${fields.map((field) => (field instanceof CsvNumber ? field.text : csvField(field))).join(",")}\r\n`

/** An exact decimal, such as "-1.9", which is a number although it is written as text. */
export class CsvNumber {
  constructor(readonly text: string) {
    if (!/^-?\d+(\.\d+)?$/.test(text)) throw new RangeError(`not a plain decimal: ${text}`)
  }
}
