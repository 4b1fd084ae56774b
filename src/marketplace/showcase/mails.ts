// The mails of decisions about reviews, to who wrote one, whose API it is about, and who said that it breaks the rules. No text of a stranger
// stands in them: what an admin said is behind the link.
import type { UserId } from "../../app/index.ts"
import type { Letter } from "../../part/index.ts"
import type { Tx } from "../../store/index.ts"
import type { MarketplaceDeps } from "../deps.ts"

export interface ReviewDecidedData {
  /** Short name of the API. */
  api: string
  decided: "hidden" | "kept" | "shown"
  to: "author" | "publisher" | "reporter"
  /** `prd_…`, for its publisher's page. */
  product: string
}

/** What became of it, and what a later release may say that this one does not know. */
const became = ({ decided }: Pick<ReviewDecidedData, "decided">): string =>
  ({ hidden: "was taken down", shown: "is shown again", kept: "stays" })[decided] ?? "was looked at"

const which = ({ to, api }: ReviewDecidedData): string =>
  to === "author" ? `Your review of ${api}` : to === "publisher" ? `A review of your API ${api}` : `A review of ${api}`

export const reviewDecided: Letter<ReviewDecidedData> = {
  kind: "market_review_decided",
  subject: (data) => `${which(data)} ${became(data)}`,
  body: (data, { baseUrl }) => [
    data.to === "reporter"
      ? `You reported a review of ${data.api}. An admin looked at it: it ${became(data)}.`
      : `${which(data)} ${became(data)}, after an admin looked at it.`,
    ...(data.decided === "hidden" && data.to === "author"
      ? ["Only you see it now. Why it was taken down stands above it; what you change there does not bring it back."]
      : []),
    data.to === "publisher"
      ? { text: "See the reviews of your API:", link: `${baseUrl}/publisher/products/${data.product}/reviews` }
      : { text: "See the reviews of it:", link: `${baseUrl}/marketplace/${data.api}/reviews` },
  ],
  sample: { api: "weather", decided: "hidden", to: "author", product: "prd_01" },
  others: [
    { api: "weather", decided: "shown", to: "author", product: "prd_01" },
    { api: "weather", decided: "hidden", to: "publisher", product: "prd_01" },
    { api: "weather", decided: "kept", to: "reporter", product: "prd_01" },
  ],
}

export const SHOWCASE_LETTERS = [reviewDecided] as const

/** To whoever is still there. */
export function tellOfReviewIn(
  { people, mails }: { people: MarketplaceDeps["makers"]; mails: MarketplaceDeps["mails"] },
  tx: Tx,
  userId: UserId,
  data: ReviewDecidedData,
): void {
  const person = people.userById(userId)
  if (person) mails.queueIn(tx, reviewDecided, { to: person.email, data, uselessAfterMs: null })
}
