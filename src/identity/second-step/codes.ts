// Codes of an authenticator app (RFC 6238: SHA-1, six digits, 30 s, which is what every app can) and recovery codes. Pure.
import { generateSecret, generateURI, verifySync } from "otplib"
import { sha256Hex } from "../../app/index.ts"

/** One step before and after: clocks of phones differ, and people type slowly (RFC 6238 §5.2). */
const TOLERANCE_SECONDS = 30
/** Without 0, 1, i, l, o, u: nobody mistakes one for another on paper. Thirty of them: sixteen are 78 bits. */
const LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
const RECOVERY_LETTERS = 16

export const newSecret = (): string => generateSecret()

export const uriOf = (secret: string, label: string, issuer: string): string =>
  // A colon parts issuer and label.
  generateURI({ secret, label, issuer: issuer.replaceAll(":", " ") })

/**
 * The time step a code belongs to.
 * @param lastStep the newest one that was used; it and those before it are over
 * @returns null when the code is not right now
 */
export function stepOf(secret: string, code: string, nowMs: number, lastStep: number): number | null {
  if (!/^\d{6}$/.test(code)) return null
  const found = verifySync({
    secret,
    token: code,
    epoch: Math.floor(nowMs / 1_000),
    epochTolerance: TOLERANCE_SECONDS,
    ...(lastStep > 0 ? { afterTimeStep: lastStep } : {}),
  })
  return found.valid && "timeStep" in found ? found.timeStep : null
}

/** As it is written down: four groups of four. */
export function newRecoveryCode(): string {
  const bytes: number[] = []
  while (bytes.length < RECOVERY_LETTERS)
    bytes.push(...crypto.getRandomValues(new Uint8Array(RECOVERY_LETTERS)).filter((byte) => byte < 240))
  const letters = bytes.slice(0, RECOVERY_LETTERS).map((byte) => LETTERS[byte % LETTERS.length])
  return letters.join("").replace(/.{4}(?=.)/g, "$&-")
}

/** Whatever a person typed, as it was given out. */
const written = (typed: string): string => typed.toLowerCase().replace(/[^0-9a-z]/g, "")

/** What digits-only codes of an app look like, with the blanks that some apps show. */
export const appCodeOf = (typed: string): string | null => {
  const digits = typed.replace(/[\s-]/g, "")
  return /^\d{6}$/.test(digits) ? digits : null
}

export const recoveryHashOf = (userId: number, typed: string): string => sha256Hex(`${userId}:${written(typed)}`)
