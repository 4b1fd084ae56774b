// What the audit log says of apps and of what people allow them.
import { creditsOf, type Named, type Said, type Sentences, said } from "../part/index.ts"

const BECAUSE: Readonly<Record<string, string>> = {
  code_reuse: "because a sign-in code was used twice",
  refresh_reuse: "because a refresh token was used twice",
  token_revoked: "because the app gave its token back",
}

const NOUNS: Readonly<Record<string, string>> = {
  llm: "chat",
  "image-generation": "images",
  embeddings: "embeddings",
  speech: "speech",
  transcription: "transcription",
}

type Limits = Readonly<Record<string, unknown>>

/** Of several limits that moved the first is said; the entry shows them all. */
function limitsSaid(who: Named, what: Named, before: Limits, after: Limits): Said {
  const moved = Object.keys(after).filter((scope) => before[scope] !== after[scope])
  const scope = moved[0]
  if (scope === undefined) return said`${who} confirmed the limits of ${what}`
  const [was, is] = [Number(before[scope] ?? 0), Number(after[scope])]
  const verb = is > was ? "raised" : "lowered"
  const noun = Object.keys(after).length > 1 ? ` for ${NOUNS[scope] ?? scope}` : ""
  const more = moved.length > 1 ? `, and ${moved.length - 1} more` : ""
  return said`${who} ${verb} ${what}’s limit${noun} to ${creditsOf(is)} a day${more}`
}

export const OAUTH_SENTENCES: Sentences = {
  "grant.created": {
    topic: "signins",
    label: "Sign-in to an app",
    say: ({ who, what }) => said`${who} signed in to ${what}`,
  },
  "grant.revoked": {
    topic: "signins",
    label: "End of an app’s access",
    say: ({ what, after }) => said`Access of ${what} ended ${BECAUSE[String(after.because)] ?? ""}`,
  },
  "grant.trial_created": {
    topic: "apps",
    label: "Test token",
    say: ({ who, what }) => said`${who} made a test token for ${what}`,
  },
  "grant.trial_ended": {
    topic: "apps",
    label: "End of a test token",
    say: ({ who, what }) => said`${who} ended a test token of ${what}`,
  },
  "device.denied": {
    topic: "signins",
    label: "Device refused",
    say: ({ who, what }) => said`${who} refused a device that wanted to sign in to ${what}`,
  },
  "consent.granted": {
    topic: "access",
    label: "Consent",
    say: ({ who, what, before }) =>
      Object.keys(before).length === 0
        ? said`${who} allowed ${what} to act for them`
        : said`${who} changed what ${what} may do for them`,
  },
  "consent.limits_changed": {
    topic: "access",
    label: "Change of an app’s limit",
    say: ({ who, what, before, after }) => limitsSaid(who, what, before, after),
  },
  "consent.tools_changed": {
    topic: "access",
    label: "Change of an app’s tools",
    say: ({ who, what }) => said`${who} changed which tools ${what} may use`,
  },
  "consent.payer_changed": {
    topic: "access",
    label: "Change of whose credits an app spends",
    say: ({ who, what }) => said`${who} chose other credits for ${what}`,
  },
  "team.app_allowed": {
    topic: "access",
    label: "App that spends a team’s credits",
    say: ({ who, what, after }) =>
      said`${who} let ${typeof after.app === "string" ? { name: after.app } : "an app"} spend credits of ${what}`,
  },
  "consent.revoked": {
    topic: "access",
    label: "Consent revoked",
    say: ({ who, what }) => said`${who} revoked ${what}`,
  },
  "client.registered": {
    topic: "apps",
    label: "New app",
    say: ({ who, what }) => said`${who} registered the app ${what}`,
  },
  "client.updated": { topic: "apps", label: "Change of an app", say: ({ who, what }) => said`${who} changed ${what}` },
  "client.deleted": { topic: "apps", label: "App deleted", say: ({ who, what }) => said`${who} deleted ${what}` },
  "client.restored": {
    topic: "apps",
    label: "App brought back",
    say: ({ who, what }) => said`${who} brought ${what} back`,
  },
  "client.moved": {
    topic: "apps",
    label: "App handed over",
    say: ({ who, what }) => said`${who} took over the app ${what}`,
  },
  "client.share_set": {
    topic: "apps",
    label: "Share of an app",
    say: ({ who, what }) => said`${who} changed what the developer of ${what} earns`,
  },
  "client.secret_added": {
    topic: "apps",
    label: "New client secret",
    say: ({ who, what }) => said`${who} made a new secret for ${what}`,
  },
  "client.secret_revoked": {
    topic: "apps",
    label: "Client secret revoked",
    say: ({ who, what }) => said`${who} revoked a secret of ${what}`,
  },
  "client.suspended": {
    topic: "apps",
    label: "App suspended",
    say: ({ who, what }) => said`${who} suspended the app ${what}`,
  },
  "client.removed": {
    topic: "apps",
    label: "App removed",
    say: ({ who, what }) => said`${who} removed the app ${what}`,
  },
  "client.unsuspended": {
    topic: "apps",
    label: "App reinstated",
    say: ({ who, what }) => said`${who} reinstated the app ${what}`,
  },
  "signing_keys.rotated": {
    topic: "settings",
    label: "Signing keys rotated",
    say: ({ who }) => said`${who} put the next signing key into use`,
  },
  "signing_keys.withdrawn": {
    topic: "settings",
    label: "Signing keys withdrawn",
    say: ({ who }) => said`${who} withdrew every signing key at once; what they had signed is dead`,
  },
}
