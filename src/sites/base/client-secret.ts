// The form of a new client secret, on the page of a developer's app and on an admin's, and how secrets stand in the list there.
import { DAY_MS } from "../../app/index.ts"
import { field, form } from "../../http/index.ts"
import type { ClientSecret } from "../../oauth/index.ts"

export const SECRET_FORM = form(
  {
    name: field.text({
      label: "Name of the secret",
      optional: true,
      length: 80,
      help: "Where it is used, such as “Production 2026”.",
    }),
    expiresMs: field.date({
      name: "last_day",
      label: "Last day of the secret",
      optional: true,
      help: "It works to the end of this day, UTC. Empty: until you revoke it.",
    }),
  },
  { submit: "Make a new secret" },
)

/** An admin says why. */
export const ADMIN_SECRET_FORM = form({ ...SECRET_FORM.fields, reason: field.reason() }, SECRET_FORM.options)

/** As the domain takes it. */
export const termsOf = ({ name, expiresMs }: { name: string; expiresMs: number | null }) => ({
  name,
  expiresMs: expiresMs === null ? null : expiresMs + DAY_MS,
})

export const secretRow = ({ publicId, name, hint, createdMs, expiresMs, usedMs }: ClientSecret) => ({
  id: publicId,
  name,
  hint,
  createdAtMs: createdMs,
  expiresAtMs: expiresMs,
  usedAtMs: usedMs,
})

/** No other secret would work. */
export const isLastOf = (rows: readonly ClientSecret[], publicId: string, nowMs: number): boolean =>
  rows.every((row) => row.publicId === publicId || (row.expiresMs !== null && row.expiresMs <= nowMs))
