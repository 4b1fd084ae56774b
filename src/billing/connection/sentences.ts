// What the audit log says of the connection to the payment service, and of what it told.
import { type Sentences, said } from "../../part/index.ts"

const hint = (of: Readonly<Record<string, unknown>>): string => `…${String(of.hint ?? "")}`

export const CONNECTION_SENTENCES: Sentences = {
  "payments.key_saved": {
    topic: "settings",
    label: "Payment key entered",
    say: ({ who, after }) =>
      said`${who} entered the ${String(after.mode ?? "…")} key ${hint(after)} of the payment service`,
  },
  "payments.account_changed": {
    topic: "settings",
    label: "Payment account changed",
    say: ({ before, after }) =>
      said`The ${String(after.mode ?? "…")} key of the payment service is of another account: ${String(after.account ?? "…")}, before ${String(before.account || "unknown")}`,
  },
  "payments.key_removed": {
    topic: "settings",
    label: "Payment key removed",
    say: ({ who, before }) => said`${who} removed the key ${hint(before)} of the payment service`,
  },
  "payments.webhook_made": {
    topic: "settings",
    label: "Webhook made",
    say: ({ who, what }) => said`${who} had the webhook ${what} made`,
  },
  "payments.webhook_set_right": {
    topic: "settings",
    label: "Webhook set right",
    say: ({ who, what, after }) => said`${who} set the webhook ${what} right: it sends to ${String(after.url ?? "…")}`,
  },
  "payments.tested": {
    topic: "settings",
    label: "Payments tested",
    say: ({ who }) => said`${who} asked the payment service for a test event`,
  },
  "payments.event_replayed": {
    topic: "money",
    label: "Payment event replayed",
    say: ({ who, what, after }) => said`${who} replayed ${what}: ${String(after.state ?? "…")}`,
  },
  "payments.event_set_aside": {
    topic: "money",
    label: "Payment event set aside",
    say: ({ who, what }) => said`${who} set ${what} aside`,
  },
}
