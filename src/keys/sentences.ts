// What the audit log says of API keys.
import { type Named, type Sentences, said } from "../part/index.ts"

/** The name at the time: keys are renamed. */
const named = ({ name }: Readonly<Record<string, unknown>>, what: Named): Named =>
  typeof name === "string" ? { name } : what

export const KEY_SENTENCES: Sentences = {
  "key.created": {
    topic: "access",
    label: "New API key",
    say: ({ who, what, after }) => said`${who} made the API key ${named(after, what)}`,
  },
  "key.updated": {
    topic: "access",
    label: "Change of an API key",
    say: ({ who, what, after }) => said`${who} changed the API key ${named(after, what)}`,
  },
  "key.rolled": {
    topic: "access",
    label: "New secret of an API key",
    say: ({ who, what, after }) => said`${who} gave the API key ${named(after, what)} a new secret`,
  },
  "key.disabled": {
    topic: "access",
    label: "API key switched off",
    say: ({ who, what, after }) => said`${who} switched off the API key ${named(after, what)}`,
  },
  "key.enabled": {
    topic: "access",
    label: "API key switched on",
    say: ({ who, what, after }) => said`${who} switched on the API key ${named(after, what)}`,
  },
  "key.revoked": {
    topic: "access",
    label: "API key revoked",
    say: ({ who, what, before }) => said`${who} revoked the API key ${named(before, what)}`,
  },
  "key.reported": {
    topic: "access",
    label: "API key found in public",
    say: ({ what, before, after }) =>
      after.revoked === "secret"
        ? said`A replaced secret of the API key ${named(before, what)} was found in public and ended`
        : said`The API key ${named(before, what)} was found in public and revoked`,
  },
}
