// What the audit log says of reviews.
import { type Sentences, said } from "../../part/index.ts"

const act = (label: string, verb: string) => ({
  topic: "apps" as const,
  label,
  say: ({ who, what }: Parameters<Sentences[string]["say"]>[0]) => said`${who} ${verb} the review ${what}`,
})

export const REVIEW_SENTENCES: Sentences = {
  "review.written": act("Review written", "wrote"),
  "review.removed": act("Review removed", "removed"),
  "review.reported": act("Review reported", "reported"),
  "review.answered": act("Review answered", "answered"),
  "review.hidden": act("Review taken down", "took down"),
  "review.kept": act("Review left", "looked at and left"),
}
