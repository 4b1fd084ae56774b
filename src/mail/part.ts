// What `mail` contributes: delivery of the outbox's mails, and whether they leave the house.
import type { Outbox } from "../outbox/index.ts"
import { type Check, type Part, said } from "../part/index.ts"
import type { Mailer } from "./mailer.ts"
import { type Mails, SEALED_MAIL } from "./mails.ts"

const SET_SMTP = "Set PURSER_SMTP_URL and start the server again."

export const mailPart: Part<{ mails: Mails; mailer: Pick<Mailer, "road">; outbox: Pick<Outbox, "counts"> }> = {
  name: "mail",
  sealed: [SEALED_MAIL],
  sentences: {
    "mail.tested": {
      topic: "settings",
      label: "Mail tested",
      say: ({ who, after }) =>
        after.ok === false ? said`${who} tried to send a test mail` : said`${who} sent a test mail`,
    },
  },
  run: ({ mails, mailer, outbox }) => ({
    handlers: { mail: mails.deliver },
    checks: [() => delivery(mailer, outbox)],
    firstRun: [
      {
        key: "mail",
        order: 20,
        label: "Mail leaves the house",
        isDone: () => mailer.road !== "log",
        remedy: `Nobody can sign up before a code can be mailed. ${SET_SMTP}`,
      },
    ],
  }),
}

function delivery(mailer: Pick<Mailer, "road">, outbox: Pick<Outbox, "counts">): Check {
  const label = "Mail"
  if (mailer.road === "log")
    return {
      label,
      href: "/admin/system",
      state: "warn",
      text: "no SMTP server is set; mail goes to the log",
      remedy: SET_SMTP,
    }
  const { late, dead } = outbox.counts()
  const href = "/admin/jobs"
  const remedy = "Jobs shows what the mail server answered; check PURSER_SMTP_URL, then try them again there."
  if (dead > 0) return { label, href, state: "bad", text: `${dead} could not be sent`, remedy }
  if (late > 0) return { label, href, state: "warn", text: `${late} being tried again`, remedy }
  return { label, state: "ok", text: mailer.road === "mailbox" ? "in the demo mailbox" : "sent" }
}
