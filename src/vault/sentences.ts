// What the audit log says of the master key.
import { type Sentences, said } from "../part/index.ts"

export const VAULT_SENTENCES: Sentences = {
  "key.rotated": {
    topic: "settings",
    label: "Secret key changed",
    say: ({ who }) => said`${who} put a new secret key in use`,
  },
  "key.resealed": {
    topic: "settings",
    label: "Secrets sealed anew",
    say: ({ who }) => said`${who} sealed all secrets with the new key and took the old one out of use`,
  },
  "key.exported": {
    topic: "settings",
    label: "Secret key copied",
    say: ({ who }) => said`${who} made a copy of the secret key`,
  },
}
