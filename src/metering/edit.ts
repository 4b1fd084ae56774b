// What an admin decides about services: rows of the table, audited with before and after.
import { AppError, ensure } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { METERING_LIMITS } from "./limits.ts"
import { checkedTerms } from "./rules.ts"
import { countServices, insertService, saveService, serviceBySlug } from "./store.ts"
import type { EditService, NewService, Service } from "./types.ts"

export function createServiceIn(tx: Tx, input: NewService): Service {
  const terms = checkedTerms(input)
  if (serviceBySlug(tx, terms.slug)) {
    const words = "There is a service of this name. Choose another one."
    throw new AppError("validation_failed", words, { formErrors: { slug: words } })
  }
  ensure(countServices(tx) < METERING_LIMITS.servicesMax, "conflict", "There are too many services. Reuse an old one.")
  const row = { ...terms, active: true, createdMs: tx.now, updatedMs: tx.now }
  const made = { id: insertService(tx, row), ...row }
  auditIn(tx, { action: "service.added", subject: `service:${made.slug}`, after: made })
  return made
}

export function editServiceIn(tx: Tx, { slug, seenMs, ...changes }: EditService): Service {
  const before = serviceBySlug(tx, slug)
  ensure(before, "not_found", "There is no such service.")
  if (seenMs !== undefined && seenMs !== before.updatedMs) {
    throw new AppError("conflict", "Somebody changed this service since you opened it. Look again before you save.")
  }
  // A use is charged by the row that it saw: no two changes share a moment.
  const updatedMs = Math.max(tx.now, before.updatedMs + 1)
  const after = { ...checkedTerms({ ...before, ...changes }), updatedMs }
  saveService(tx, after)
  auditIn(tx, { action: "service.changed", subject: `service:${slug}`, before, after })
  return after
}
