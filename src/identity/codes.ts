// Emailed codes: six digits from the CSPRNG, kept as a keyed HMAC that binds them to purpose, browser and address.
import { randomInt } from "node:crypto"
import type { Kit } from "./kit.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import type { CodePurpose, CodeRow } from "./store/guards.ts"
import type { PendingSignUp } from "./types.ts"

export const newCode = (): string => String(randomInt(10 ** L.codeDigits)).padStart(L.codeDigits, "0")

/** Without the server's key the small keyspace of a leaked row cannot be searched. */
export const codeHash = (
  kit: Kit,
  code: { purpose: CodePurpose; browserHash: string; email: string; code: string },
): string => kit.keyring.hmac("email-code", JSON.stringify([code.purpose, code.browserHash, code.email, code.code]))

export const pendingOf = (row: CodeRow): PendingSignUp => ({
  email: row.email,
  expiresMs: row.expiresMs,
  resendAtMs: row.sentMs + L.codeResendMs,
  triesLeft: L.codeTriesMax - row.tries,
})
