// The fields `limit_<scope>` of consent and of the apps page: credits per day, as a person types them.
import { type Nano, parseCredits } from "../../app/index.ts"
import type { Form } from "../../http/index.ts"

/** Limits in n$ by scope, and a message per field that could not be read. Fields that were not sent are left out. */
export function readLimits(
  form: Form,
  scopes: readonly string[],
): { limits: Record<string, Nano>; errors: Record<string, string> } {
  const limits: Record<string, Nano> = {}
  const errors: Record<string, string> = {}
  for (const scope of scopes) {
    const field = `limit_${scope}`
    if (!form.has(field)) continue
    const amount = parseCredits(form.get(field))
    if (amount === null) errors[field] = "Enter credits per day as a number, such as 100."
    else limits[scope] = amount
  }
  return { limits, errors }
}
