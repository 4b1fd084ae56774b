// What the audit log says of announcements.
import { type Sentences, said } from "../part/index.ts"

const WHOM: Readonly<Record<string, string>> = {
  all: "everybody",
  developers: "developers",
  app: "the people of an app",
}

export const ANNOUNCEMENT_SENTENCES: Sentences = {
  "announcement.published": {
    topic: "settings",
    label: "Announcement published",
    say: ({ who, after }) => said`${who} announced something to ${WHOM[String(after.audience)] ?? "people"}`,
  },
  "announcement.ended": {
    topic: "settings",
    label: "Announcement ended",
    say: ({ who }) => said`${who} ended an announcement`,
  },
}
