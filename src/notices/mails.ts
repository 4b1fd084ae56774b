// The mail about many notices: what came too often for mails of its own.
import type { Letter, Paragraph } from "../part/index.ts"
import { DIGEST, KINDS } from "./kinds.ts"

export interface DigestData {
  /** Most first. */
  kinds: readonly {
    kind: string
    count: number
    /** The newest ones, newest first. */
    titles: readonly string[]
  }[]
}

const countOf = ({ kinds }: DigestData): number => kinds.reduce((sum, { count }) => sum + count, 0)
/** A kind that a later release has not is told in general words. */
const labelOf = (kind: string): string => KINDS.get(kind)?.label ?? "Other notices"

export const digest: Letter<DigestData> = {
  kind: DIGEST,
  subject: (data) => `${countOf(data)} more notices`,
  body: (data, { baseUrl }): Paragraph[] => [
    "So much happened within a short time that not each had a mail of its own. Here is the rest, in one.",
    ...data.kinds.map(({ kind, count, titles }) => {
      const left = count - titles.length
      return `${labelOf(kind)}: ${[...titles.map((title) => `“${title}”`), ...(left > 0 ? [`and ${left} more`] : [])].join(", ")}.`
    }),
    { text: "Read them:", link: `${baseUrl}/notices` },
  ],
  sample: {
    kinds: [
      {
        kind: "product_quota",
        count: 14,
        titles: ["Your quota of an API is used up", "80 % of your quota of an API is used"],
      },
      {
        kind: "recharge_paid",
        count: 2,
        titles: ["Your card was charged $10.00", "Your card was charged $20.00"],
      },
    ],
  },
}

export const NOTICE_LETTERS = [digest] as const
