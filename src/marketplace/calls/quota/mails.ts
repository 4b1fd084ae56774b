// The mail of quotas. The product's title is its publisher's own text.
import type { Letter } from "../../../part/index.ts"
import type { QuotaPeriod } from "../../types.ts"

export interface QuotaData {
  product: string
  slug: string
  period: QuotaPeriod
  percent: number
  limit: number
  endMs: number
}

/** "1 January 2027 at 00:00 UTC" */
const momentWords = (ms: number): string =>
  `${new Date(ms).toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" })} at ${new Date(ms).toISOString().slice(11, 16)} UTC`

export const quotaPassed: Letter<QuotaData> = {
  kind: "product_quota",
  subject: ({ percent }) =>
    percent >= 100 ? "Your quota of an API is used up" : `${percent} % of your quota of an API is used`,
  body: ({ product, slug, period, percent, limit, endMs }, { baseUrl }) => [
    `Of the ${limit.toLocaleString("en")} units that your plan of “${product}” has for this ${period}, ${percent >= 100 ? "all" : `${percent} %`} are used.`,
    `They come back on ${momentWords(endMs)}.`,
    { text: "See what uses them, or choose another plan:", link: `${baseUrl}/marketplace/${slug}/usage` },
  ],
  sample: {
    product: "Weather",
    slug: "weather",
    period: "month",
    percent: 80,
    limit: 50_000,
    endMs: 1_798_761_600_000,
  },
  others: [
    { product: "Weather", slug: "weather", period: "month", percent: 100, limit: 50_000, endMs: 1_798_761_600_000 },
  ],
}
