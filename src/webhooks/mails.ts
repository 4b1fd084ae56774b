// The mail of webhooks: an endpoint went off by itself. The address is its owner's own text, and told by its host alone.
import type { Letter } from "../part/index.ts"
import type { OffBecause } from "./types.ts"

interface OffData {
  host: string
  because: Exclude<OffBecause, "owner" | "removed">
  /** Where it is turned on again, without the origin. */
  path: string
}

const WHY: Readonly<Partial<Record<OffData["because"], string>>> = {
  gone: "It answered 410 (Gone), which says that it wants no more events.",
  failing: "It took no event for three days, although each was tried many times.",
  overflow: "More than 10,000 events wait for it, the most that are kept.",
}

export const webhookOff: Letter<OffData> = {
  kind: "webhook_off",
  subject: ({ host }, { productName }) => `${productName} no longer calls ${host}`,
  body: ({ host, because, path }, { baseUrl }) => [
    { text: "A webhook endpoint of yours was turned off. It is at", code: host },
    WHY[because] ?? "Its log says why.",
    "Nothing is sent there until you turn it on again. What it missed can be sent again for 30 days, unless the operator set another time.",
    { text: "See how each try went:", link: `${baseUrl}${path}` },
  ],
  sample: { host: "example.com", because: "failing", path: "/settings/webhooks/whe_01KAZ3V9M4N8T2X6Q7R5S1P0WE" },
  others: (["gone", "overflow"] as const).map((because) => ({
    host: "example.com",
    because,
    path: "/settings/webhooks/whe_01KAZ3V9M4N8T2X6Q7R5S1P0WE",
  })),
}
