// The head of an answer that is a CSV file: one place, so that no file of a person's is kept by a cache, sniffed or told to others.

/**
 * @param filename of letters, digits, dots and dashes: nothing that people typed
 * @param hasHead whether the first line names the columns (RFC 4180)
 */
export const csvHeaders = (filename: string, hasHead = true): Record<string, string> => ({
  "content-type": `text/csv; charset=utf-8; header=${hasHead ? "present" : "absent"}`,
  "content-disposition": `attachment; filename="${filename}"`,
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
})
