// The form of an app (an OAuth client): the same fields for the first visit, a new app and one that is there. What is allowed, `oauth`
// says.
import { field, form } from "../../http/index.ts"
import { SCOPES, type Scope, SIGNING_ALGS, type SigningAlg } from "../../oauth/index.ts"
import { SCOPE_SENTENCES } from "../auth/index.ts"
import { pictureForm } from "../base/index.ts"

/** What a developer chooses; the two that every app has are no choice. */
const SCOPE_OPTIONS = SCOPES.filter((scope) => scope !== "openid" && scope !== "offline_access").map((scope) => ({
  value: scope,
  label: scope,
  help: SCOPE_SENTENCES[scope],
}))

const EVERY_FIELD = form(
  {
    name: field.text({ label: "Name", required: true, length: 80, help: "People read it when they sign in." }),
    description: field.area({
      label: "What it does",
      optional: true,
      rows: 3,
      help: "In a sentence or two, at most 500 characters.",
    }),
    type: field.choice({
      label: "Type",
      control: "radios",
      wrong: "Choose one of the two.",
      options: [
        {
          value: "public",
          label: "Public",
          help: "Runs in a browser, on a phone or in a terminal. It cannot keep a secret and uses PKCE alone.",
        },
        {
          value: "confidential",
          label: "Confidential",
          help: "Has a server. It gets a client secret and uses PKCE as well.",
        },
      ],
    }),
    redirectUris: field.lines({
      label: "Redirect URIs",
      mono: true,
      help: "One per line, compared exactly. Allowed: https, http on 127.0.0.1 or localhost, and your app’s own scheme.",
    }),
    deviceFlow: field.box({
      label: "Sign-in by a code",
      help: "For terminals, televisions and whatever has no browser: it shows a code that people type on a page of ours. Such an app needs no redirect URI.",
    }),
    scopes: field.choices<Scope>({
      name: "scope",
      label: "Scopes",
      help: "Ask for as little as you can. openid and offline_access are always allowed.",
      options: SCOPE_OPTIONS,
    }),
    shareBp: field.percent({
      name: "share",
      label: "Your share",
      suffix: "% of the model’s price",
      optional: true,
    }),
    homepageUrl: field.url({
      label: "Homepage",
      optional: true,
      help: "People find it on the page where they allow your app, with the three below.",
    }),
    policyUri: field.url({ label: "Privacy policy", optional: true }),
    tosUri: field.url({ label: "Terms of service", optional: true }),
    supportUrl: field.url({ label: "Help for its users", optional: true }),
    postLogoutUris: field.lines({
      label: "Addresses after signing out",
      optional: true,
      mono: true,
      help: "One per line, compared exactly. People who sign out through your app may be sent there.",
      group: "Signing out",
    }),
    backchannelLogoutUri: field.url({
      label: "Hears of every sign-out",
      optional: true,
      mono: true,
      help: "An https address of your server that is told when somebody signed out or lost access (back-channel logout).",
      group: "Signing out",
    }),
    requirePar: field.box({
      label: "Requests by /par only",
      help: "Sign-ins that your server did not announce to /par first are refused.",
      group: "Safety",
    }),
    idTokenAlg: field.choice<SigningAlg>({
      label: "ID tokens are signed with",
      wrong: "Choose one of the two.",
      help: "Choose ES256 only where your library asks for it. Access tokens are RS256 for every app.",
      options: SIGNING_ALGS.map((alg) => ({ value: alg, label: alg })),
      group: "Safety",
    }),
    dpopBound: field.box({
      label: "Require DPoP",
      help: "Tokens work only with a key that your app proves with each request (RFC 9449), so a stolen one is worth nothing. Your library has to know it.",
      group: "Safety",
    }),
    testMode: field.box({
      label: "Test mode",
      help: "Its calls reach only the sandbox model and spend test credits. You cannot change this later.",
    }),
    /** "1" on the first visit, which the answer leads back to. */
    start: field.hidden({ label: "First visit" }),
  },
  { submit: "Create app" },
)

/** What most apps never need waits until there is one. */
export const APP_FORM = EVERY_FIELD.with({
  description: null,
  shareBp: null,
  supportUrl: null,
  postLogoutUris: null,
  backchannelLogoutUri: null,
  requirePar: null,
  idTokenAlg: null,
  dpopBound: null,
})

/** Type and mode are for good. */
export const APP_DETAILS_FORM = EVERY_FIELD.with({ type: null, testMode: null, start: null })

/** @param bounds basis points; where there is no choice there is no field */
export const detailsForm = ({ min, max }: { min: number; max: number }): typeof APP_DETAILS_FORM =>
  min === max
    ? (APP_DETAILS_FORM.with({ shareBp: null }) as unknown as typeof APP_DETAILS_FORM)
    : APP_DETAILS_FORM.with({
        shareBp: {
          help: `From ${min / 100} to ${max / 100}; empty: the usual share. People read it when they allow your app. Whoever allowed it before you raise it pays as before until your app asks again.`,
        },
      })

/** Sent by itself: a picture that is refused takes no details with it. */
export const ICON_FORM = pictureForm("New icon", "Save icon")

/** Ticked before anybody chose: what most apps need. */
export const NEW_APP = { type: "public" as const, scopes: ["profile", "email", "llm"] as Scope[] }

/** An address of a developer's own machine: the terminal's lines work with it, and nothing has to run there. */
export const FIRST_APP = { ...NEW_APP, redirectUris: ["http://127.0.0.1:3000/callback"], start: "1" }

export const AGREEMENT_FORM = form(
  {
    accept: field.box({
      label: "I accept the developer agreement",
      missing: "Tick the box to accept the agreement.",
    }),
  },
  { submit: "Become a developer" },
)
