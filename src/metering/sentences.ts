// What the audit log says of metered services.
import { type Sentences, said } from "../part/index.ts"

export const METERING_SENTENCES: Sentences = {
  "credits.taken": {
    topic: "money",
    label: "Credits taken by an app",
    say: ({ who, what, after }) =>
      typeof after.credits === "string"
        ? said`${who} took ${after.credits} credits from ${what}`
        : said`${who} took credits from ${what}`,
  },
  "service.added": {
    topic: "settings",
    label: "Service added",
    say: ({ who, what }) => said`${who} added the metered service ${what}`,
  },
  "service.changed": {
    topic: "settings",
    label: "Service changed",
    say: ({ who, what, before, after }) =>
      before.active === after.active
        ? said`${who} changed the metered service ${what}`
        : said`${who} turned the metered service ${what} ${after.active ? "on" : "off"}`,
  },
}
