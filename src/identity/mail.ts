// Mails of identity: their words and their way into the outbox. No mail carries text that a stranger typed, and links
// come from configuration only.
import type { Tx } from "../store/index.ts"
import type { Kit } from "./kit.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import type { MailPayload, MailTemplate, MailText } from "./types.ts"

export interface MailData {
  productName: string
  /** Six digits; for `signup_code`. */
  code?: string
  loginUrl: string
}

/** Subject and plain text of a template. The code stands first in the subject so that a phone's preview shows it. */
export function mailText(template: MailTemplate, data: MailData): MailText {
  const { productName } = data
  if (template === "signup_code") {
    return {
      subject: `${data.code} is your ${productName} code`,
      text: [
        `Your code is ${data.code}`,
        "",
        `Enter it on the page where you signed up. It works for ${L.codeMs / 60_000} minutes, in that browser only.`,
        "",
        "Nobody from us will ever ask you for it. If you did not sign up, ignore this mail: nothing happens.",
        "",
        productName,
      ].join("\n"),
    }
  }
  return {
    subject: `You already have a ${productName} account`,
    text: [
      `Someone, probably you, tried to sign up to ${productName} with this address. It already has an account.`,
      "",
      `Sign in instead: ${data.loginUrl}`,
      "",
      "If it was not you, ignore this mail: nothing has changed and nobody got in.",
      "",
      productName,
    ].join("\n"),
  }
}

const aad = (to: string): string => `outbox:mail:${to}`

/** Queues a mail in the body of its cause; if the body is undone, it is never sent. */
export function queueMailIn(
  kit: Kit,
  tx: Tx,
  mail: { to: string; template: MailTemplate; code?: string; uselessAfterMs: number | null },
): void {
  const data: MailData = {
    productName: kit.productName,
    loginUrl: `${kit.baseUrl}/login`,
    ...(mail.code ? { code: mail.code } : {}),
  }
  const payload: MailPayload = {
    to: mail.to,
    template: mail.template,
    sealed: kit.keyring.seal("mail", aad(mail.to), JSON.stringify(data)),
    uselessAfterMs: mail.uselessAfterMs,
  }
  // The ordering key outlives the payload, so it is no address.
  kit.outbox.enqueueIn(tx, { topic: "mail", subject: kit.keyring.hmac("mail-order", mail.to), payload })
}

/** @see Identity.composeMail */
export function composeMail(kit: Kit, payload: MailPayload): (MailText & { to: string }) | null {
  if (payload.uselessAfterMs !== null && kit.clock.now() >= payload.uselessAfterMs) return null
  const data = JSON.parse(kit.keyring.open("mail", aad(payload.to), payload.sealed)) as MailData
  return { to: payload.to, ...mailText(payload.template, data) }
}
