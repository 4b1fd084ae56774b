// Sends mail: by SMTP when configured, to an in-memory mailbox in demo mode, else to the log so that nothing is lost silently.
import { createTransport } from "nodemailer"
import type { Log } from "../app/index.ts"

export interface Mail {
  to: string
  subject: string
  text: string
  html?: string
  /** Where one press ends mails of this kind (RFC 8058); null = it is always sent. */
  offUrl?: string | null
}

export interface StoredMail extends Mail {
  id: string
  atMs: number
}

export interface Mailer {
  /**
   * @param eventId becomes the Message-ID, so that a repeated delivery can be recognised
   * @returns what the mail server answered, or where the mail went instead
   */
  send(mail: Mail, eventId: string): Promise<string>
  /** Where mail goes: by SMTP, to the demo's mailbox, or to the log alone. */
  readonly road: "smtp" | "mailbox" | "log"
  /** Newest first; filled in demo mode only. */
  readonly mailbox: StoredMail[]
}

const MAILBOX_MAX = 100

/** Mail programs show a button for it, and press it by a POST without asking (RFC 2369, 8058). */
const oneClick = (url: string) => ({
  "List-Unsubscribe": `<${url}>`,
  "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
})

export function createMailer(options: { smtpUrl: string | null; from: string; demo: boolean; log: Log }): Mailer {
  const mailbox: StoredMail[] = []
  const transport = options.smtpUrl ? createTransport(options.smtpUrl, { from: options.from }) : null
  return {
    mailbox,
    road: options.demo ? "mailbox" : transport ? "smtp" : "log",
    async send({ offUrl, ...mail }, eventId) {
      if (options.demo) {
        mailbox.unshift({ ...mail, ...(offUrl && { offUrl }), id: eventId, atMs: Date.now() })
        mailbox.splice(MAILBOX_MAX)
        return "kept in the demo mailbox"
      }
      if (transport) {
        const { response } = await transport.sendMail({
          ...mail,
          messageId: `<${eventId}@purser>`,
          ...(offUrl && { headers: oneClick(offUrl) }),
          disableFileAccess: true,
          disableUrlAccess: true,
        })
        return response
      }
      options.log.warn("mail.not_configured", { to: mail.to, subject: mail.subject, text: mail.text })
      return "written to the log, for no mail server is set"
    },
  }
}
