// What the audit log says of developers: the agreement, and the secret keys of their apps.
import { type Sentences, said } from "../part/index.ts"

export const DEVELOPER_SENTENCES: Sentences = {
  "developer.accepted": {
    topic: "apps",
    label: "Developer agreement accepted",
    say: ({ what }) => said`${what} accepted the developer agreement`,
  },
  "developer.company_changed": {
    topic: "apps",
    label: "Change of company",
    say: ({ what }) => said`${what} changed the company that people read`,
  },
  "app_key.created": {
    topic: "apps",
    label: "New app secret key",
    say: ({ who, what }) => said`${who} made a secret key for ${what}`,
  },
  "app.host_proven": {
    topic: "apps",
    label: "Domain of an app verified",
    say: ({ what }) => said`The domain of ${what} was verified`,
  },
  "app.host_unproven": {
    topic: "apps",
    label: "Domain of an app no longer verified",
    say: ({ who, what }) => said`${who} took the verification from ${what}`,
  },
  "app.review_asked": {
    topic: "apps",
    label: "App sent in for review",
    say: ({ who, what }) => said`${who} sent ${what} in for review`,
  },
  "app.review_withdrawn": {
    topic: "apps",
    label: "App taken back from review",
    say: ({ who, what }) => said`${who} took ${what} back from review`,
  },
  "app.review_note": {
    topic: "apps",
    label: "Message about an app",
    say: ({ who, what }) => said`${who} wrote a message about ${what}`,
  },
  "app.approved": {
    topic: "apps",
    label: "App let in",
    say: ({ who, what }) => said`${who} reviewed ${what} and let it in`,
  },
  "app.changes_requested": {
    topic: "apps",
    label: "App sent back",
    say: ({ who, what }) => said`${who} reviewed ${what} and asked for changes`,
  },
  "app.rejected": {
    topic: "apps",
    label: "App not let in",
    say: ({ who, what }) => said`${who} reviewed ${what} and did not let it in`,
  },
  "app.offered": {
    topic: "apps",
    label: "App offered to another developer",
    say: ({ who, what }) => said`${who} offered ${what} to another developer`,
  },
  "app.offer_ended": {
    topic: "apps",
    label: "End of an offer of an app",
    say: ({ who, what }) => said`${who} ended the offer of ${what}`,
  },
  "app_key.reported": {
    topic: "apps",
    label: "App secret key found in public",
    say: ({ what }) => said`A secret key of ${what} was found in public and revoked`,
  },
  "app_key.revoked": {
    topic: "apps",
    label: "App secret key revoked",
    say: ({ who, what }) => said`${who} revoked a secret key of ${what}`,
  },
}
