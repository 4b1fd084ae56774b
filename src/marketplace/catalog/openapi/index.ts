// The door of `openapi`: documents in and out, and what one changes.

export type { Difference, Differences } from "./diff.ts"
export { differences } from "./diff.ts"
export { type Imported, type ImportResult, importDocument } from "./document.ts"
export { exportDocument, hasAddresses } from "./export.ts"
