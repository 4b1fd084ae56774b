// What a change would have made of last month's calls, in sentences: asked before the act.

import { count, plural, usdText } from "../../../views/ui/format.ts"
import { DAY_MS, nano } from "../../app/index.ts"
import type { Past, PastInput } from "./price-past.ts"
import type { AdminDeps } from "./site.ts"

const DAYS = 30

type Deps = Pick<AdminDeps, "reads" | "clock">

export async function previewOf(deps: Deps, change: Omit<PastInput, "sinceMs">): Promise<string[]> {
  const input: PastInput = { ...change, sinceMs: deps.clock.now() - DAYS * DAY_MS }
  return wordsOf(await deps.reads.ask<Past>("admin.past-charges", input))
}

export function wordsOf({ calls, people, was, wouldBe, isCut, unchargeable }: Past): string[] {
  if (calls === 0) return [`No such call was made in the last ${DAYS} days, so there is nothing to compare with.`]
  const margin = (sums: Past["was"]) => sums.chargeNano - sums.upstreamNano - sums.developerNano
  const money = (amount: number) => usdText(nano(amount))
  const made = `${isCut ? "The newest " : ""}${plural(calls, "call")} of ${plural(people, "person", "people")}`
  return [
    `${made} in the last ${DAYS} days came to ${money(was.chargeNano)}, and would have come to ${money(wouldBe.chargeNano)} (${difference(wouldBe.chargeNano - was.chargeNano)}).`,
    `You kept ${money(margin(was))}, and would have kept ${money(margin(wouldBe))}. Developers got ${money(was.developerNano)}, and would have got ${money(wouldBe.developerNano)}.`,
    ...(unchargeable > 0 ? [`${count(unchargeable)} of them would not have been possible at all.`] : []),
    "Calls that are made from now on are charged anew; nothing that was charged changes.",
  ]
}

function difference(amount: number): string {
  if (amount === 0) return "the same"
  return amount > 0 ? `${usdText(nano(amount))} more` : `${usdText(nano(-amount))} less`
}
