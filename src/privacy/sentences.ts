// What the audit log says of people who go, and of copies of their data.
import { type Sentences, said } from "../part/index.ts"

export const PRIVACY_SENTENCES: Sentences = {
  "user.leaving": {
    topic: "access",
    label: "Deletion asked for",
    say: ({ by, who, what }) =>
      by === "admin" ? said`${who} asked to delete ${what}` : said`${what} asked to be deleted`,
  },
  "user.kept": {
    topic: "access",
    label: "Account kept",
    say: ({ by, who, what }) =>
      by === "admin" ? said`${who} kept the account ${what}` : said`${what} kept their account`,
  },
  "user.copy_asked": {
    topic: "access",
    label: "Copy of data asked for",
    say: ({ what }) => said`${what} asked for a copy of their data`,
  },
}
