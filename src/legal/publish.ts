// A version is published: checked, called by its day, added, and told in the audit log.
import { AppError, DAY_MS, ensure } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { defaultOf } from "./defaults.ts"
import { LEGAL_LIMITS } from "./limits.ts"
import { currentOf, sourceProblem, versionOf } from "./rules.ts"
import { allVersions, insertVersion } from "./store.ts"
import type { LegalVersion, Publish } from "./types.ts"

/** @throws AppError validation_failed with formErrors, conflict */
export function publishVersionIn(tx: Tx, { text, source, changes, asks, effectiveMs = tx.now }: Publish): LegalVersion {
  const problem = sourceProblem(source)
  const formErrors = {
    ...(problem ? { source: problem } : {}),
    ...(changes.trim() === "" || changes.length > LEGAL_LIMITS.changesChars
      ? { changes: `Say what changed, within ${LEGAL_LIMITS.changesChars} characters.` }
      : {}),
    ...(effectiveMs > tx.now + LEGAL_LIMITS.aheadDays * DAY_MS ? { effective: "Choose a day within a year." } : {}),
  }
  if (Object.keys(formErrors).length > 0)
    throw new AppError("validation_failed", Object.values(formErrors)[0]!, { formErrors })
  const all = allVersions(tx)
  const from = Math.max(effectiveMs, tx.now)
  const taken = all.filter((one) => one.text === text).map(({ version }) => version)
  const version = versionOf(taken, from)
  ensure(
    taken.length < LEGAL_LIMITS.versionsADay || !version.endsWith(`-${LEGAL_LIMITS.versionsADay}`),
    "conflict",
    "This text was published too often today. Try again tomorrow.",
  )
  const row = { text, version, source, changes: changes.trim(), asks, effectiveMs: from, createdMs: tx.now }
  const before = currentOf(all, text, tx.now) ?? defaultOf(text)
  insertVersion(tx, row)
  auditIn(tx, {
    action: "legal.published",
    subject: text,
    before: { version: before.version },
    after: { version, changes: row.changes, asks, effectiveMs: from },
  })
  return row
}
