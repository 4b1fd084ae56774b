// Where questions of people go beside the queue.
import { field } from "../http/index.ts"
import type { Setting } from "../part/index.ts"

const EMAIL_CHARS = 254
const address = (key: string, label: string, help: string): Setting<string> => ({
  key,
  group: "Support",
  field: field.text({ label, help, max: EMAIL_CHARS, optional: true }),
  default: "",
  problem: (value) =>
    value === "" || (/^[^\s@]+@[^\s@]+$/.test(value) && value.length <= EMAIL_CHARS)
      ? null
      : "Give an email address, or leave it empty.",
})

export const SUPPORT_MAIL = address(
  "support.mail",
  "Who is told of questions",
  "An email address. Empty: the address for help, or that of invoices.",
)
export const PRIORITY_MAIL = address(
  "support.priority_mail",
  "Who is told of questions with priority",
  "An email address, for people whose plan has priority support. Empty: the same.",
)
