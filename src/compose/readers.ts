// The parts with heavy reads: all that the read Worker loads. With every part it would take twice as long to start, and more memory.
import { billingPart } from "../billing/part.ts"
import { ledgerPart } from "../ledger/index.ts"
import { observePart } from "../observe/part.ts"
import { adminPart } from "../sites/admin/part.ts"
import { consolePart } from "../sites/console/part.ts"

export const READERS = [observePart, ledgerPart, billingPart, consolePart, adminPart] as const
