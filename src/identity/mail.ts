// Mails of identity: their words and their way into the outbox. No mail carries text that a stranger typed, and links
// come from configuration only.
import type { Tx } from "../store/index.ts"
import type { Kit } from "./kit.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import { mayReset } from "./rules.ts"
import { accountByEmail } from "./store/users.ts"
import type { MailPayload, MailTemplate, MailText } from "./types.ts"

export interface MailData {
  productName: string
  /** Six digits; for `signup_code` and `email_code`. */
  code?: string
  /** `usr_…`; for `email_changed`. */
  accountId?: string
  /** For `reset_link`: from configuration, with the token. */
  link?: string
  loginUrl: string
  forgotUrl?: string
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
  if (template === "reset_link") {
    return {
      subject: `Choose a new ${productName} password`,
      text: [
        "Someone, probably you, asked for a new password for this address.",
        "",
        `Open this link to choose one: ${data.link}`,
        "",
        `It works once, for ${L.resetLinkMs / 60_000} minutes. Opening it changes nothing yet.`,
        "",
        "If it was not you, ignore this mail: your password stays as it is.",
        "",
        productName,
      ].join("\n"),
    }
  }
  if (template === "password_changed") {
    return {
      subject: `Your ${productName} password was changed`,
      text: [
        `The password of your ${productName} account was changed. Other devices and apps were signed out.`,
        "",
        "If it was you, there is nothing to do.",
        "",
        `If it was not you, choose a new password at once: ${data.forgotUrl}`,
        "",
        productName,
      ].join("\n"),
    }
  }
  if (template === "email_code") {
    return {
      subject: `${data.code} is your ${productName} code`,
      text: [
        `Your code is ${data.code}`,
        "",
        `Enter it on the page where you changed your email address. It works for ${L.codeMs / 60_000} minutes, in that browser only.`,
        "",
        "Nobody from us will ever ask you for it. If you did not ask for it, ignore this mail: nothing happens.",
        "",
        productName,
      ].join("\n"),
    }
  }
  if (template === "email_existing") {
    return {
      subject: `You already have a ${productName} account`,
      text: [
        `Someone, probably you, tried to use this address for another ${productName} account. It already has one.`,
        "",
        `Sign in to it instead: ${data.loginUrl}`,
        "",
        "If it was not you, ignore this mail: nothing has changed and nobody got in.",
        "",
        productName,
      ].join("\n"),
    }
  }
  if (template === "email_changed") {
    return {
      subject: `The email address of your ${productName} account was changed`,
      text: [
        `Your ${productName} account has another email address now. You can no longer sign in with this one.`,
        "",
        "If it was you, there is nothing to do.",
        "",
        `If it was not you, tell the people who run ${productName} at once. The id of the account is ${data.accountId}.`,
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
  mail: { to: string; template: MailTemplate; uselessAfterMs: number | null } & Pick<
    MailData,
    "code" | "link" | "accountId"
  >,
): void {
  const data: MailData = {
    productName: kit.productName,
    loginUrl: `${kit.baseUrl}/login`,
    forgotUrl: `${kit.baseUrl}/forgot-password`,
    ...(mail.link ? { link: mail.link } : {}),
    ...(mail.code ? { code: mail.code } : {}),
    ...(mail.accountId ? { accountId: mail.accountId } : {}),
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
  // Asked for without an account: nothing is sent, and whoever asked never learns of it.
  if (payload.template === "reset_link" && !mayReset(accountByEmail(kit.store.read, payload.to))) return null
  const data = JSON.parse(kit.keyring.open("mail", aad(payload.to), payload.sealed)) as MailData
  return { to: payload.to, ...mailText(payload.template, data) }
}
