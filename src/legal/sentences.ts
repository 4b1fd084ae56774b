// What the audit log says of legal texts.
import { type Sentences, said } from "../part/index.ts"

export const LEGAL_SENTENCES: Sentences = {
  "legal.published": {
    topic: "settings",
    label: "Legal text published",
    say: ({ who, what }) => said`${who} published a version of ${what}`,
  },
  "legal.accepted": {
    topic: "access",
    label: "Terms accepted",
    say: ({ what }) => said`${what} accepted the terms`,
  },
}
