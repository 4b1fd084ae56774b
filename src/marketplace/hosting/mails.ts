// The mail of a hosting fee.
import { type Nano, nano } from "../../app/index.ts"
import type { Letter } from "../../part/index.ts"

export interface HostingData {
  /** Short name of the API. */
  product: string
  feeNano: Nano
  /** `2026-12` */
  month: string
  from: "earnings" | "credits"
}

const dollars = (amount: Nano): string => `$${(Number(amount) / 1e9).toFixed(amount % 10_000_000 === 0 ? 2 : 9)}`

/** "December 2026" */
const monthWords = (month: string): string =>
  new Date(`${month}-01T00:00:00Z`).toLocaleDateString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" })

export const hostingCharged: Letter<HostingData> = {
  kind: "market_hosting",
  subject: ({ product, feeNano }) => `Hosting of ${product}: ${dollars(feeNano)}`,
  body: ({ product, feeNano, month, from }, { baseUrl }) => [
    `${dollars(feeNano)} was charged for hosting your API ${product} in ${monthWords(month)}.`,
    from === "credits"
      ? "It was paid with your bought credits, as what your APIs earned did not reach for it."
      : "It came off what your APIs earned. Where that does not reach, it comes off what they earn next.",
    { text: "See what is charged, and when next:", link: `${baseUrl}/publisher/hosting` },
  ],
  sample: { product: "weather", feeNano: nano(5_000_000_000), month: "2026-12", from: "earnings" },
  others: [{ product: "weather", feeNano: nano(5_000_000_000), month: "2026-12", from: "credits" }],
}
