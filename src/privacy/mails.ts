// The mails of privacy. No link in them opens anything by itself: who follows one signs in first.
import type { Letter } from "../part/index.ts"

const day = (ms: number): string =>
  new Date(ms).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" })
const SAMPLE_MS = Date.UTC(2026, 11, 11)

export const copyReady: Letter<{ expiresMs: number }> = {
  kind: "copy_ready",
  subject: (_, { productName }) => `The copy of your ${productName} data is ready`,
  body: ({ expiresMs }, { baseUrl }) => [
    { text: "Sign in and download it here:", link: `${baseUrl}/settings/data` },
    `It is deleted on ${day(expiresMs)}.`,
    "If you did not ask for it, somebody who knows your password did: change it.",
  ],
  sample: { expiresMs: SAMPLE_MS },
}

export const copyFailed: Letter<null> = {
  kind: "copy_failed",
  subject: (_, { productName }) => `The copy of your ${productName} data could not be made`,
  body: (_, { baseUrl }) => [
    {
      text: "Ask for it again tomorrow, or write to the people who run this service:",
      link: `${baseUrl}/settings/data`,
    },
  ],
  sample: null,
}

interface Going {
  dueMs: number
}

export const leavingAsked: Letter<Going & { byAdmin: boolean }> = {
  kind: "leaving_asked",
  subject: ({ dueMs }, { productName }) => `Your ${productName} account will be deleted on ${day(dueMs)}`,
  body: ({ dueMs, byAdmin }, { productName, baseUrl }) => [
    byAdmin
      ? `The people who run ${productName} are going to delete your account on ${day(dueMs)}.`
      : `You asked to delete your account. That happens on ${day(dueMs)}; until then it works as before.`,
    { text: "To keep it, sign in and say so here:", link: `${baseUrl}/settings/data/deletion` },
    "If you did not ask for it, keep the account and change your password.",
  ],
  sample: { dueMs: SAMPLE_MS, byAdmin: false },
  others: [{ dueMs: SAMPLE_MS, byAdmin: true }],
}

export const leavingSoon: Letter<Going> = {
  kind: "leaving_soon",
  subject: ({ dueMs }, { productName }) => `Your ${productName} account is deleted on ${day(dueMs)}`,
  body: ({ dueMs }, { baseUrl }) => [
    `On ${day(dueMs)} your account and what is known of you are deleted. That cannot be undone.`,
    { text: "To keep the account, sign in and say so here:", link: `${baseUrl}/settings/data/deletion` },
  ],
  sample: { dueMs: SAMPLE_MS },
}

export const leavingKept: Letter<null> = {
  kind: "leaving_kept",
  subject: (_, { productName }) => `Your ${productName} account stays`,
  body: () => ["Your account is not going to be deleted any more. Everything is as it was."],
  sample: null,
}

export const erasedLetter: Letter<null> = {
  kind: "erased",
  subject: (_, { productName }) => `Your ${productName} account is deleted`,
  body: (_, { productName }) => [
    `Your account and what ${productName} knew of you are deleted. Invoices stay as long as the law asks for them, and the books keep amounts without your name.`,
    "This is the last mail to this address. You may sign up with it again, as somebody new.",
  ],
  sample: null,
}

export const PRIVACY_LETTERS = [copyReady, copyFailed, leavingAsked, leavingSoon, leavingKept, erasedLetter]
