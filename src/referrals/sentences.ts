// What the audit log says of referrals.
import { type Sentences, said } from "../part/index.ts"

export const REFERRAL_SENTENCES: Sentences = {
  "referral.rewarded": {
    topic: "money",
    label: "Credits for bringing somebody",
    say: ({ what }) => said`${what} was given credits for bringing somebody`,
  },
  "referral.refused": {
    topic: "money",
    label: "No credits for bringing somebody",
    say: ({ what }) => said`${what} was given nothing for bringing somebody`,
  },
  "referral.taken_back": {
    topic: "money",
    label: "Credits for bringing somebody taken back",
    say: ({ what }) => said`Credits of ${what} for bringing somebody were taken back, for the purchase was paid back`,
  },
}
