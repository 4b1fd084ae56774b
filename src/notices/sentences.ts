// What the audit log says of notices.
import { type Sentences, said } from "../part/index.ts"

export const NOTICE_SENTENCES: Sentences = {
  "notices.chosen": {
    topic: "settings",
    label: "Notices chosen",
    say: ({ who }) => said`${who} chose which notices they get`,
  },
  "notices.unsubscribed": {
    topic: "settings",
    label: "Mail turned off by its link",
    say: ({ who }) => said`${who} turned off a kind of mail by the link in it`,
  },
}
