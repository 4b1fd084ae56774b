// The shapes of the management API. One schema of each body checks it, types it and stands in the document; amounts are texts, times are
// RFC 3339, and `…Cents` is for the eye alone, rounded down.
import { type Static, Type as t } from "@sinclair/typebox"
import { AppError, amountJson, type Nano, nano, parseCredits } from "../../../app/index.ts"

/** In examples. */
export const EXAMPLE_USER = "usr_01K9ZT4M2Q8V6X3B7N5RJDHWCE"

/** An amount as we say it. */
export const Amount = t.Object(
  {
    nano: t.String({ description: "Whole nano-dollars (1e-9 USD)", examples: ["1900000"] }),
    credits: t.String({ description: "The same in credits, exact; 1,000 credits are $1", examples: ["1.9"] }),
  },
  { description: "An amount, exact" },
)
/** An amount as it may be sent. A number is refused: it would be a float. */
export const AmountIn = t.Union(
  [
    t.String({ pattern: "^\\d{1,12}(\\.\\d{1,6})?$", description: "Credits, a decimal" }),
    t.Object({ credits: t.String({ pattern: "^\\d{1,12}(\\.\\d{1,6})?$" }) }, { additionalProperties: false }),
    t.Object({ nano: t.String({ pattern: "^\\d{1,16}$" }) }, { additionalProperties: false }),
  ],
  { description: 'Above 0: "1.9", {"credits": "1.9"} or {"nano": "1900000"}' },
)

/** @returns null when it is not a safe amount above 0 */
export function amountIn(sent: Static<typeof AmountIn>): Nano | null {
  const exact = typeof sent === "object" && "nano" in sent ? Number(sent.nano) : null
  if (exact !== null) return Number.isSafeInteger(exact) && exact > 0 ? nano(exact) : null
  const amount = parseCredits(typeof sent === "string" ? sent : (sent as { credits: string }).credits)
  return amount === 0 ? null : amount
}

const NANO_PER_CENT = 10_000_000

/** Whole cents, rounded down; never to compute with. */
export const Cents = t.Integer({ description: "Cents, rounded down: to show, never to compute with" })
export const centsOf = (amount: Nano): number => Math.floor(amount / NANO_PER_CENT)

export const At = t.String({ format: "date-time", description: "RFC 3339, UTC" })
export const atOf = (ms: number): string => new Date(ms).toISOString()

export const amount = amountJson

export const Reason = t.String({ minLength: 1, maxLength: 500, description: "Kept in the books and in the audit log" })
export const UserRef = t.String({ minLength: 1, maxLength: 64, description: "A person, `usr_…`" })
export const maybe = <T extends Parameters<typeof t.Union>[0][number]>(schema: T) => t.Union([schema, t.Null()])

/** The same `Idempotency-Key` with another body. */
export const mismatch = (): AppError =>
  new AppError(
    "idempotency_mismatch",
    "This Idempotency-Key was used for another act. Send the same again, or take a new key.",
    { param: "Idempotency-Key" },
  )
