// The forms of signing in, declared. Each carries the interaction of the app that waits, so that any page may be the next.
import type { FormView, PasskeyAsk } from "../../../views/ui/index.ts"
import { type Fields, type FormDef, field, form, type ValuesOf } from "../../http/index.ts"
import type { PasskeyRequest, SignUpWork } from "../../identity/index.ts"

export const interaction = field.hidden({ label: "Sign-in in progress" })
/** Whose page it is, by public id; empty: of whom the browser acts as. */
const person = field.hidden({ label: "Person", optional: true })
const email = field.email({ label: "Email", autocomplete: "username", required: true })
const newPassword = (label: string) =>
  field.password({
    label,
    autocomplete: "new-password",
    required: true,
    min: 8,
    help: "At least 8 characters. A short sentence works well.",
  })

/** What a new account asks for. */
const account = {
  name: field.text({ label: "Name", optional: true, autocomplete: "name", length: 80 }),
  email,
  password: newPassword("Password"),
}

export const LOGIN_FORM = form(
  {
    // Browsers offer passkeys in the list of this field.
    email: field.email({ label: "Email", autocomplete: "username webauthn", required: true }),
    password: field.password({ label: "Password", autocomplete: "current-password", required: true }),
    interaction,
  },
  { submit: "Sign in" },
)

/** What the browser calculated where there is a flood of sign-ups; the script writes the answer. */
const work = {
  workTicket: field.hidden({ label: "Question to the browser" }),
  workAnswer: { ...field.hidden({ label: "Answer of the browser" }), secret: true },
}
export const SIGNUP_FORM = form({ ...account, ...work, interaction }, { submit: "Create account" }).with({
  email: { help: "We send a code to this address." },
})
export const LOGIN_LINK_FORM = form(
  {
    password: field.password({
      label: "New password",
      autocomplete: "new-password",
      optional: true,
      min: 8,
      help: "Leave it empty to keep the one you have. With a new one, every other device and app is signed out.",
    }),
  },
  { submit: "Sign in" },
)
export const SETUP_FORM = form(account, { submit: "Create admin account" })
export const CODE_FORM = form({ code: field.code(), interaction }, { submit: "Confirm" })
const step = field.hidden({ label: "Sign-in that waits for a code" })
export const SECOND_FORM = form({ code: field.code(), step, interaction }, { submit: "Continue" })
export const RECOVERY_FORM = form(
  {
    code: field.text({ label: "Recovery code", required: true, mono: true, autocomplete: "off", length: 40 }),
    step,
    interaction,
  },
  { submit: "Continue" },
)
export const DEVICE_FORM = form(
  {
    userCode: field.text({
      label: "Code",
      required: true,
      mono: true,
      autocomplete: "off",
      length: 20,
      help: "Eight letters, such as BCDF-GHJK. Small letters do as well.",
    }),
  },
  { submit: "Continue" },
)
const next = field.hidden({ label: "Where to go on" })
export const CONFIRM_FORM = form(
  {
    first: field.password({ name: "password", label: "Password", autocomplete: "current-password", required: true }),
    mailed: { ...field.code(), name: "mailed" },
    code: field.text({
      label: "Code",
      required: true,
      mono: true,
      autocomplete: "one-time-code",
      length: 40,
      help: "Of your authenticator app, or a recovery code.",
    }),
    next,
    as: person,
  },
  { submit: "Confirm" },
)
/** What a passkey says; the script writes it, and nothing keeps it. */
const answer = {
  ticket: field.hidden({ label: "Question to the passkey" }),
  response: { ...field.hidden({ label: "Answer of the passkey" }), secret: true },
}
export const PASSKEY_FORM = form({ ...answer, interaction }, { submit: "Sign in with a passkey" })
export const SECOND_PASSKEY_FORM = form({ ...answer, step, interaction }, { submit: "Use a passkey" })
export const CONFIRM_PASSKEY_FORM = form({ ...answer, next, as: person }, { submit: "Use a passkey" })
export const NEW_PASSKEY_FORM = form(
  {
    name: field.text({
      label: "Name",
      optional: true,
      length: 40,
      autocomplete: "off",
      help: "What you call the device or app that keeps it. Empty: we name it after what made it.",
    }),
    ...answer,
  },
  { submit: "Make the passkey" },
)
export const CONFIRM_WITH_FORM = form({ next, as: person }, { submit: "Confirm there" })
export const CONFIRM_MAIL_FORM = form({ next, as: person }, { submit: "Mail me a code" })
const join = field.hidden({ label: "Sign-in that waits for a proof" })
export const JOIN_FORM = form(
  {
    current: field.password({ name: "password", label: "Password", autocomplete: "current-password", required: true }),
    join,
    interaction,
  },
  { submit: "Connect and continue" },
)
export const JOIN_CODE_FORM = form({ code: field.code(), join, interaction }, { submit: "Connect and continue" })
export const JOIN_SEND_FORM = form({ join, interaction }, { submit: "Mail me a code" })
export const FORGOT_FORM = form({ email, interaction }, { submit: "Send the link" })
export const RESET_FORM = form(
  { password: newPassword("New password"), token: field.hidden({ label: "Link" }), interaction },
  { submit: "Change password" },
)

/** Of one of the people who are signed in here. */
export const KEEP_FORM = form({ as: person, interaction }, { submit: "Keep my account" })

/** A button that only carries the interaction on. */
export const goingOn = (submit: string) => form({ interaction }, { submit })

/** The form with the interaction that is still alive: one that is over does not travel on. */
export const carrying = (view: FormView, alive: string | undefined): FormView => ({
  ...view,
  fields: view.fields.map((each) => (each.name === "interaction" ? { ...each, typed: [alive ?? ""] } : each)),
})

/** The form with the question of this page: one that was answered before does not come again. */
export const asking = (view: FormView, work: SignUpWork | null): FormView => ({
  ...view,
  fields: view.fields.flatMap((each) => {
    if (each.name === "work_ticket") return work ? { ...each, typed: [work.ticket] } : []
    return each.name === "work_answer" && !work ? [] : each
  }),
})

/** The form of a passkey with what its authenticator is asked. */
export const passkeyAsk = <F extends Fields>(
  def: FormDef<F>,
  action: string,
  { ticket, options }: PasskeyRequest,
  rest: Readonly<Record<string, string>>,
): PasskeyAsk => ({
  options,
  form: def.show({ action, ids: "passkey", present: { ticket, ...rest } as unknown as Partial<ValuesOf<F>> }),
})
