// /settings/email: another address for this account. The password is asked for first; the code that is mailed to the new address
// makes it the account's.
import { Elysia } from "elysia"
import { EmailCodePage, EmailPage } from "../../../views/console/email.tsx"
import type { AppError } from "../../app/index.ts"
import { formErrors, ofTheForm, seeOther, statusOf } from "../../http/index.ts"
import { visitorOf } from "../auth/index.ts"
import { type ConsoleDeps, signedIn, type Visit } from "./site.ts"

const NO_PARSE = { parse: "none" } as const
const PATH = "/settings/email"
const CODE_PATH = `${PATH}/code`

export function emailRoutes(deps: ConsoleDeps) {
  const { web, identity } = deps

  const page = ({ session, page }: Visit, typed?: string, error?: AppError): Response => {
    const props = { email: session.email, typed, errors: formErrors(error) }
    return page((frame) => EmailPage({ frame, ...props }), statusOf(error))
  }
  const pendingOf = ({ request, session }: Visit) => identity.pendingEmailChange(web.browserId(request), session.userId)
  const codePage = (visit: Visit, typed?: string, error?: AppError): Response => {
    if (error?.code === "conflict") return page(visit, undefined, error)
    const pending = pendingOf(visit)
    if (!pending)
      return web.back(PATH, { kind: "error", text: "That code has run out. Enter the address again to get a new one." })
    const props = { email: pending.email, typed, errors: formErrors(error) }
    return visit.page((frame) => EmailCodePage({ frame, ...props }), statusOf(error))
  }

  return new Elysia()
    .get(
      PATH,
      signedIn(deps, (visit) => page(visit)),
    )
    .post(
      PATH,
      signedIn(deps, async (visit) => {
        const form = await web.form(visit.request)
        const email = form.get("email")
        try {
          const input = { userId: visit.session.userId, email, current: form.raw("current") }
          await identity.requestEmailChange(visitorOf(web, visit.request), input)
          return seeOther(CODE_PATH)
        } catch (error) {
          return page(visit, email, ofTheForm(error))
        }
      }),
      NO_PARSE,
    )
    .get(
      CODE_PATH,
      signedIn(deps, (visit) => codePage(visit)),
    )
    .post(
      CODE_PATH,
      signedIn(deps, async (visit) => {
        const code = (await web.form(visit.request)).get("code")
        try {
          const input = { userId: visit.session.userId, code }
          const { email } = await identity.confirmEmailChange(visitorOf(web, visit.request), input)
          return web.back("/settings", { kind: "ok", text: `Your email address is ${email} now.` })
        } catch (error) {
          return codePage(visit, code, ofTheForm(error))
        }
      }),
      NO_PARSE,
    )
    .post(
      `${CODE_PATH}/resend`,
      signedIn(deps, async (visit) => {
        await web.form(visit.request)
        if (!pendingOf(visit)) return codePage(visit)
        try {
          await identity.resendEmailChange(visitorOf(web, visit.request), visit.session.userId)
          return web.back(CODE_PATH, { kind: "ok", text: "A new code is on its way. The old one no longer works." })
        } catch (error) {
          return codePage(visit, undefined, ofTheForm(error))
        }
      }),
      NO_PARSE,
    )
}
