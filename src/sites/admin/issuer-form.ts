// The forms of issuers that people may sign in with. What is allowed, `identity` says.
import { field, form } from "../../http/index.ts"
import type { IssuerPreset, ResponseMode } from "../../identity/index.ts"

export const PRESET_WORDS: Readonly<Record<IssuerPreset, string>> = { google: "Google", oidc: "Another issuer" }
const WHO = "Who may sign in"
const CLIENT = "How it knows this server"

const terms = {
  signUp: field.box({
    name: "sign_up",
    label: "New people may sign up with it",
    help: "Without it, only people who have an account here and connected it.",
    group: WHO,
  }),
  domains: field.lines({
    label: "Only addresses at",
    optional: true,
    rows: 2,
    mono: true,
    help: "Domains, one a line, such as example.com. Empty for any. The issuer has to say that it verified the address.",
    group: WHO,
  }),
  tenants: field.lines({
    label: "Only these tenants",
    optional: true,
    rows: 2,
    mono: true,
    help: "Of Microsoft’s addresses for many tenants (organizations, common): tenant IDs, one a line. For any other issuer empty.",
    group: WHO,
  }),
  responseMode: field.choice<ResponseMode>({
    name: "response_mode",
    label: "It answers",
    options: [
      { value: "query", label: "In the address (query)" },
      { value: "form_post", label: "By a form (form_post), as Apple does" },
    ],
    group: CLIENT,
  }),
  trustsMfa: field.box({
    name: "trusts_mfa",
    label: "Its own second factor counts as ours",
    help: "People who turned two-step sign-in on are not asked for its code when the issuer says it asked for two factors (amr: mfa).",
    group: WHO,
  }),
}
const clientId = field.text({
  name: "client_id",
  label: "Client ID",
  required: true,
  mono: true,
  max: 300,
  autocomplete: "off",
  group: CLIENT,
})

export const NEW_ISSUER_FORM = form(
  {
    preset: field.choice({
      label: "Kind",
      control: "hidden",
      options: Object.entries(PRESET_WORDS).map(([value, label]) => ({ value: value as IssuerPreset, label })),
    }),
    issuer: field.url({
      label: "Issuer",
      mono: true,
      help: "As it names itself, such as https://login.example.com. Its OpenID configuration is read from there.",
    }),
    name: field.text({ label: "Name", max: 40, help: "People read it on the button: Sign in with …" }),
    slug: field.text({
      label: "Short name",
      mono: true,
      max: 32,
      help: "Part of the redirect URI, such as company. It cannot be changed later.",
    }),
    clientId,
    clientSecret: field.secret({
      name: "client_secret",
      label: "Client secret",
      help: "Encrypted before it is stored, and never shown again. Empty for a client without one.",
      optional: true,
      mono: true,
      group: CLIENT,
    }),
    ...terms,
    reason: field.reason(),
  },
  { submit: "Add and test" },
)

export const ISSUER_FORM = form(
  {
    name: field.text({ label: "Name", required: true, max: 40 }),
    clientId,
    clientSecret: field.secret({
      name: "client_secret",
      label: "New client secret",
      help: "Leave it empty to keep the present one, which is never shown.",
      optional: true,
      mono: true,
      group: CLIENT,
    }),
    ...terms,
    reason: field.reason(),
  },
  { submit: "Save and test" },
)

export const ISSUER_REMOVAL_FORM = form({ reason: field.reason() }, { submit: "Remove", danger: true })
