// The head of an answer that is a CSV file: one place, so that no file of a person's is kept by a cache, sniffed or told to others.

/** Of letters, digits, dots and dashes, whatever an address said: quotes would end the name, and control characters the answer. */
const plainName = (filename: string): string => filename.slice(0, 200).replaceAll(/[^\w.-]/g, "-")

/**
 * @param filename for the file, with what an address named in it
 * @param hasHead whether the first line names the columns (RFC 4180)
 */
export const csvHeaders = (filename: string, hasHead = true): Record<string, string> => ({
  "content-type": `text/csv; charset=utf-8; header=${hasHead ? "present" : "absent"}`,
  "content-disposition": `attachment; filename="${plainName(filename)}"`,
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
})
