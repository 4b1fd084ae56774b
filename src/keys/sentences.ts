// What the audit log says of API keys.
import { type Sentences, said } from "../part/index.ts"

export const KEY_SENTENCES: Sentences = {
  "key.created": {
    topic: "access",
    label: "New API key",
    say: ({ who, after }) => said`${who} made the API key ${{ name: String(after.name) }}`,
  },
  "key.updated": {
    topic: "access",
    label: "Change of an API key",
    say: ({ who, after }) => said`${who} changed the API key ${{ name: String(after.name) }}`,
  },
  "key.rolled": {
    topic: "access",
    label: "New secret of an API key",
    say: ({ who, what }) => said`${who} gave the API key ${what} a new secret`,
  },
  "key.disabled": {
    topic: "access",
    label: "API key switched off",
    say: ({ who, what }) => said`${who} switched off the API key ${what}`,
  },
  "key.enabled": {
    topic: "access",
    label: "API key switched on",
    say: ({ who, what }) => said`${who} switched on the API key ${what}`,
  },
  "key.revoked": {
    topic: "access",
    label: "API key revoked",
    say: ({ who, before }) => said`${who} revoked the API key ${{ name: String(before.name) }}`,
  },
  "key.reported": {
    topic: "access",
    label: "API key found in public",
    say: ({ before, after }) =>
      after.revoked === "secret"
        ? said`A replaced secret of the API key ${{ name: String(before.name) }} was found in public and ended`
        : said`The API key ${{ name: String(before.name) }} was found in public and revoked`,
  },
}
