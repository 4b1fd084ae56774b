// The mails of identity. The code stands first in the subject so that a phone's preview shows it.
import { MINUTE_MS } from "../app/index.ts"
import type { House, Letter } from "../part/index.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import { mayReset } from "./rules.ts"
import { accountByEmail } from "./store/users.ts"

export interface CodeData {
  /** Six digits. */
  code: string
}

const CODE_MINUTES = L.codeMs / MINUTE_MS
const IF_NOT_YOU = "If it was not you, ignore this mail: nothing has changed and nobody got in."
const NOTHING_TO_DO = "If it was you, there is nothing to do."

const codeSubject = ({ code }: CodeData, { productName }: House): string => `${code} is your ${productName} code`

export const signUpCode: Letter<CodeData> = {
  kind: "signup_code",
  subject: codeSubject,
  body: ({ code }) => [
    { text: "Your code is", code },
    `Enter it on the page where you signed up. It works for ${CODE_MINUTES} minutes, in that browser only.`,
    "Nobody from us will ever ask you for it. If you did not sign up, ignore this mail: nothing happens.",
  ],
  sample: { code: "123456" },
}

export const signUpExisting: Letter<null> = {
  kind: "signup_existing",
  subject: (_, { productName }) => `You already have a ${productName} account`,
  body: (_, { productName, baseUrl }) => [
    `Someone, probably you, tried to sign up to ${productName} with this address. It already has an account.`,
    { text: "Sign in instead:", link: `${baseUrl}/login` },
    IF_NOT_YOU,
  ],
  sample: null,
}

export const emailCode: Letter<CodeData> = {
  kind: "email_code",
  subject: codeSubject,
  body: ({ code }) => [
    { text: "Your code is", code },
    `Enter it on the page where you changed your email address. It works for ${CODE_MINUTES} minutes, in that browser only.`,
    "Nobody from us will ever ask you for it. If you did not ask for it, ignore this mail: nothing happens.",
  ],
  sample: { code: "123456" },
}

export const confirmCode: Letter<CodeData> = {
  kind: "confirm_code",
  subject: codeSubject,
  body: ({ code }) => [
    { text: "Your code is", code },
    `Enter it on the page that asks whether it is you. It works for ${CODE_MINUTES} minutes, in that browser only.`,
    "Nobody from us will ever ask you for it. If you did not ask for it, somebody else may be signed in to your account: sign out everywhere in your settings.",
  ],
  sample: { code: "123456" },
}

export const emailExisting: Letter<null> = {
  kind: "email_existing",
  subject: (_, { productName }) => `You already have a ${productName} account`,
  body: (_, { productName, baseUrl }) => [
    `Someone, probably you, tried to use this address for another ${productName} account. It already has one.`,
    { text: "Sign in to it instead:", link: `${baseUrl}/login` },
    IF_NOT_YOU,
  ],
  sample: null,
}

/** To the address that was. */
export const emailChanged: Letter<{ accountId: string }> = {
  kind: "email_changed",
  subject: (_, { productName }) => `The email address of your ${productName} account was changed`,
  body: ({ accountId }, { productName }) => [
    `Your ${productName} account has another email address now. You can no longer sign in with this one.`,
    NOTHING_TO_DO,
    `If it was not you, tell the people who run ${productName} at once. The id of the account is ${accountId}.`,
  ],
  sample: { accountId: "usr_01K0000000000000000000000" },
}

export const resetLink: Letter<{ link: string }> = {
  kind: "reset_link",
  // Asked for without an account: nothing is sent, and whoever asked never learns of it.
  isWanted: (reader, to) => mayReset(accountByEmail(reader, to)),
  subject: (_, { productName }) => `Choose a new ${productName} password`,
  body: ({ link }) => [
    "Someone, probably you, asked for a new password for this address.",
    { text: "Open this link to choose one:", link },
    `It works once, for ${L.resetLinkMs / MINUTE_MS} minutes. Opening it changes nothing yet.`,
    "If it was not you, ignore this mail: your password stays as it is.",
  ],
  sample: { link: "https://ai.example.com/reset-password?token=abc" },
}

export const passwordChanged: Letter<null> = {
  kind: "password_changed",
  subject: (_, { productName }) => `Your ${productName} password was changed`,
  body: (_, { productName, baseUrl }) => [
    `The password of your ${productName} account was changed. Other devices and apps were signed out.`,
    NOTHING_TO_DO,
    { text: "If it was not you, choose a new password at once:", link: `${baseUrl}/forgot-password` },
  ],
  sample: null,
}

export interface NewDevice {
  /** "Firefox on Linux": words of ours, not of who signs in. */
  device: string
  ip: string
  atMs: number
}

const dayWords = (ms: number): string =>
  new Date(ms).toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" })

export const newDevice: Letter<NewDevice> = {
  kind: "new_device",
  subject: ({ device }, { productName }) => `New sign-in to ${productName}: ${device}`,
  body({ device, ip, atMs }, { productName, baseUrl }) {
    const at = new Date(atMs).toISOString()
    return [
      `${device} signed in to your ${productName} account for the first time, on ${dayWords(atMs)} at ${at.slice(11, 16)} UTC, from the network address ${ip}.`,
      NOTHING_TO_DO,
      {
        text: "If it was not you, choose a new password at once. That signs everybody else out:",
        link: `${baseUrl}/forgot-password`,
      },
    ]
  },
  sample: { device: "Firefox on Linux", ip: "203.0.113.7", atMs: 1_780_000_000_000 },
}

export const secondStepOn: Letter<null> = {
  kind: "second_step_on",
  subject: (_, { productName }) => `Two-step sign-in is on for your ${productName} account`,
  body: (_, { productName }) => [
    `From now on ${productName} asks for a code of your authenticator app after your password.`,
    "Keep the recovery codes where you find them without your phone: each signs you in once.",
    NOTHING_TO_DO,
  ],
  sample: null,
}

export const secondStepOff: Letter<null> = {
  kind: "second_step_off",
  subject: (_, { productName }) => `Two-step sign-in is off for your ${productName} account`,
  body: (_, { productName, baseUrl }) => [
    `${productName} asks for your password alone now.`,
    NOTHING_TO_DO,
    { text: "If it was not you, choose a new password at once:", link: `${baseUrl}/forgot-password` },
  ],
  sample: null,
}

export const recoveryUsed: Letter<{ left: number }> = {
  kind: "recovery_code_used",
  subject: (_, { productName }) => `A recovery code signed in to your ${productName} account`,
  body: ({ left }, { baseUrl }) => [
    `Someone, probably you, signed in with a recovery code in place of the app. ${left === 0 ? "It was the last one." : left === 1 ? "One code is left." : `${left} codes are left.`}`,
    {
      text: left < 4 ? "Make new ones soon:" : "Make new ones if you lost them:",
      link: `${baseUrl}/settings/two-step`,
    },
    { text: "If it was not you, choose a new password at once:", link: `${baseUrl}/forgot-password` },
  ],
  sample: { left: 9 },
  others: [0, 1].map((left) => ({ left })),
}

export const passwordSet: Letter<null> = {
  kind: "password_set",
  subject: (_, { productName }) => `Your ${productName} account has a password now`,
  body: (_, { productName, baseUrl }) => [
    `A password was set for your ${productName} account, which had none. It signs in beside what is connected.`,
    NOTHING_TO_DO,
    { text: "If it was not you, choose another one at once:", link: `${baseUrl}/forgot-password` },
  ],
  sample: null,
}

const NOT_YOU = (baseUrl: string) => ({
  text: "If it was not you, choose a new password at once, then look at your passkeys:",
  link: `${baseUrl}/forgot-password`,
})

export const passkeyAdded: Letter<{ name: string }> = {
  kind: "passkey_added",
  subject: (_, { productName }) => `A passkey was added to your ${productName} account`,
  body: ({ name }, { baseUrl }) => [
    `“${name}” signs in to your account from now on, without a password.`,
    NOTHING_TO_DO,
    NOT_YOU(baseUrl),
  ],
  sample: { name: "Apple Passwords" },
}

export const passkeyRemoved: Letter<{ name: string }> = {
  kind: "passkey_removed",
  subject: (_, { productName }) => `A passkey of your ${productName} account was removed`,
  body: ({ name }, { baseUrl }) => [`“${name}” no longer signs in to your account.`, NOTHING_TO_DO, NOT_YOU(baseUrl)],
  sample: { name: "Apple Passwords" },
}

/** By an admin, or at the console of the server. */
export const passkeysRemoved: Letter<null> = {
  kind: "passkeys_removed",
  subject: (_, { productName }) => `The passkeys of your ${productName} account were removed`,
  body: (_, { productName, baseUrl }) => [
    `The people who run ${productName} removed all passkeys of your account. You can add new ones at once.`,
    NOTHING_TO_DO,
    NOT_YOU(baseUrl),
  ],
  sample: null,
}

export const joinCode: Letter<CodeData> = {
  kind: "join_code",
  subject: codeSubject,
  body: ({ code }) => [
    { text: "Your code is", code },
    `Enter it on the page that asked for it. It connects another way to sign in with your account, works for ${CODE_MINUTES} minutes, and in that browser only.`,
    "Nobody from us will ever ask you for it. If you did not ask for it, ignore this mail: nothing happens.",
  ],
  sample: { code: "123456" },
}

export const connectionAdded: Letter<{ issuer: string }> = {
  kind: "connection_added",
  subject: ({ issuer }, { productName }) => `${issuer} opens your ${productName} account now`.slice(0, 78),
  body: ({ issuer }, { productName, baseUrl }) => [
    `Your ${productName} account was connected with ${issuer}: whoever signs in there can sign in here.`,
    NOTHING_TO_DO,
    {
      text: "If it was not you, disconnect it and choose a new password at once:",
      link: `${baseUrl}/settings/connections`,
    },
  ],
  sample: { issuer: "Google" },
}

export const connectionRemoved: Letter<{ issuer: string }> = {
  kind: "connection_removed",
  subject: ({ issuer }, { productName }) => `${issuer} no longer opens your ${productName} account`.slice(0, 78),
  body: ({ issuer }, { productName, baseUrl }) => [
    `Your ${productName} account is no longer connected with ${issuer}.`,
    NOTHING_TO_DO,
    { text: "If it was not you, choose a new password at once:", link: `${baseUrl}/forgot-password` },
  ],
  sample: { issuer: "Google" },
}

export const passkeyCopied: Letter<{ name: string }> = {
  kind: "passkey_copied",
  subject: (_, { productName }) => `A passkey of your ${productName} account may have been copied`,
  body: ({ name }, { baseUrl }) => [
    `Somebody answered with “${name}”, and its counter had gone back: there may be two authenticators with the same key. They were not let in.`,
    { text: "Remove that passkey and add a new one:", link: `${baseUrl}/settings/passkeys` },
  ],
  sample: { name: "Security key" },
}

export const LETTERS = [
  signUpCode,
  signUpExisting,
  emailCode,
  confirmCode,
  emailExisting,
  emailChanged,
  resetLink,
  passwordChanged,
  newDevice,
  secondStepOn,
  secondStepOff,
  recoveryUsed,
  passwordSet,
  joinCode,
  connectionAdded,
  connectionRemoved,
  passkeyAdded,
  passkeyRemoved,
  passkeysRemoved,
  passkeyCopied,
] as const
