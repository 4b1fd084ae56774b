// A coupon as the processor's own discount, so that its page and its invoices show it. It is made when first needed, under an id that follows
// from ours: whoever makes it first, there is one. How often it may be used is decided here alone.
import { AppError } from "../../app/index.ts"
import { centsOf } from "../money.ts"
import { type Processor, ProcessorError } from "../stripe/index.ts"
import type { Coupon } from "./types.ts"

/** What it takes of a name; dashes may make a code longer. */
const NAME_CHARS = 40

/** @throws ProcessorError */
export async function atProcessor(
  processor: Processor | null,
  { publicId, code, kind, percent, amountNano }: Pick<Coupon, "publicId" | "code" | "kind" | "percent" | "amountNano">,
): Promise<string> {
  if (processor === null) throw new AppError("conflict", "Nothing is sold here yet. Ask the operator for credits.")
  const off = kind === "percent" ? { percentOff: percent! } : { centsOff: centsOf(amountNano) }
  try {
    await processor.createCoupon({ id: publicId, name: code.slice(0, NAME_CHARS), ...off }, `coupon:${publicId}`)
  } catch (error) {
    if (!(error instanceof ProcessorError && error.code === "resource_already_exists")) throw error
  }
  return publicId
}
