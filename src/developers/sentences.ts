// What the audit log says of developers: the agreement, and the secret keys of their apps.
import { type Sentences, said } from "../part/index.ts"

export const DEVELOPER_SENTENCES: Sentences = {
  "developer.accepted": {
    topic: "apps",
    label: "Developer agreement accepted",
    say: ({ what }) => said`${what} accepted the developer agreement`,
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
