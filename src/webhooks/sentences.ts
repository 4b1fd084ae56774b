// What the audit log says of webhooks.
import { type Sentence, type Sentences, said } from "../part/index.ts"

const at = (facts: Readonly<Record<string, unknown>>): string =>
  typeof facts.url === "string" ? ` at ${facts.url}` : ""

const sentence = (label: string, say: Sentence["say"]): Sentence => ({ topic: "settings", label, say })

export const WEBHOOK_SENTENCES: Sentences = {
  "webhook.added": sentence("Webhook added", ({ who, after }) => said`${who} added a webhook${at(after)}`),
  "webhook.changed": sentence("Webhook changed", ({ who, after }) => said`${who} changed a webhook${at(after)}`),
  "webhook.on": sentence("Webhook turned on", ({ who, after }) => said`${who} turned on a webhook${at(after)}`),
  "webhook.off": sentence("Webhook turned off", ({ who, after }) => said`${who} turned off a webhook${at(after)}`),
  "webhook.secret_rolled": sentence(
    "New webhook secret",
    ({ who, after }) => said`${who} made a new secret for a webhook${at(after)}`,
  ),
  "webhook.removed": sentence("Webhook removed", ({ who, before }) => said`${who} removed a webhook${at(before)}`),
}
