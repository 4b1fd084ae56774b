// /settings/email: another address for this account. Its person confirms that it is them first; the code that is mailed to the new address
// makes it the account's.
import { EmailCodePage, EmailPage } from "../../../views/console/email.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { button, field, form } from "../../http/index.ts"
import { visitorOf } from "../auth/index.ts"
import type { PageRequest, Status } from "../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "web" | "identity">

const PATH = "/settings/email"
const CODE_PATH = "/settings/email/code"
const RUN_OUT = "That code has run out. Enter the address again to get a new one."

const EMAIL_FORM = form(
  { email: field.email({ label: "New email address", length: 254, required: true }) },
  { submit: "Send the code" },
)

const CODE_FORM = form({ code: field.code() }, { submit: "Change my address" })

export function emailRoutes(site: ConsoleSite, { web, identity }: Deps): void {
  const pendingOf = ({ request, session }: PageRequest) =>
    identity.pendingEmailChange(web.browserId(request), session.userId)
  const askAgain = ({ request }: PageRequest) => web.back(request, PATH, { kind: "error", text: RUN_OUT })
  const emailPage = (page: PageRequest, form: FormView, status?: Status): Response =>
    page.render((frame) => EmailPage({ frame, email: page.session.email, form }), status)

  site.form(PATH, {
    form: EMAIL_FORM,
    fresh: true,
    async act(page, { email }) {
      await identity.requestEmailChange(visitorOf(web, page.request), { userId: page.session.userId, email })
      return { to: CODE_PATH }
    },
    show: (page, form, _, status) => emailPage(page, form, status),
  })
  site.form(CODE_PATH, {
    load: (page) => pendingOf(page),
    form: CODE_FORM,
    async act(page, { code }) {
      const input = { userId: page.session.userId, code }
      const { email } = await identity.confirmEmailChange(visitorOf(web, page.request), input)
      return { to: "/settings", say: `Your email address is ${email} now.` }
    },
    show(page, form, _, status) {
      // The address got an account in the meantime: another one has to be entered.
      if (status.code === "conflict")
        return emailPage(page, EMAIL_FORM.show({ action: PATH, errors: form.errors }), status)
      // Asked again: the last wrong try may have used it up.
      const pending = pendingOf(page)
      return pending
        ? page.render((frame) => EmailCodePage({ frame, email: pending.email, form }), status)
        : askAgain(page)
    },
  })
  site.post(`${CODE_PATH}/resend`, {
    form: button("Send a new code"),
    async act(page) {
      if (!pendingOf(page)) return { to: PATH, say: RUN_OUT, tone: "error" }
      await identity.resendEmailChange(visitorOf(web, page.request), page.session.userId)
      return { to: CODE_PATH, say: "A new code is on its way. The old one no longer works." }
    },
    show(page, { errors }, _, status) {
      const pending = pendingOf(page)
      const form = CODE_FORM.show({ action: CODE_PATH, errors })
      return pending
        ? page.render((frame) => EmailCodePage({ frame, email: pending.email, form }), status)
        : askAgain(page)
    },
  })
}
