// /login/join: somebody came with an issuer's word and the address of an account here. Its password, or a code that is mailed to it, proves
// that it is theirs. What waits travels with the form, sealed for this browser.
import { JoinCodePage, JoinPage } from "../../../views/auth/join.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { seeOther } from "../../http/index.ts"
import { FEDERATION_LIMITS, type Joined } from "../../identity/index.ts"
import type { BaseRequest, Status } from "../base/index.ts"
import { carrying, JOIN_CODE_FORM, JOIN_FORM, JOIN_SEND_FORM } from "./forms.ts"
import { secondPath } from "./second-step.ts"
import {
  type AuthDeps,
  type AuthSite,
  askingApp,
  finishSignIn,
  interactionOf,
  visitorOf,
  withInteraction,
} from "./site.ts"

const JOIN = "/login/join"
const CODE = "/login/join/code"
const SEND = "/login/join/code/new"
const OVER = "This sign-in took too long. Start it again."

interface Waiting {
  join: string
  interaction: string | undefined
}

export const joinPath = (path: typeof JOIN | typeof CODE, join: string, interaction: string | undefined): string =>
  `${path}?${new URLSearchParams({ join, ...(interaction ? { interaction } : {}) })}`

const load = (_page: BaseRequest, _params: unknown, sent: (name: string) => string): Waiting => ({
  join: joinOf(sent("join")),
  interaction: interactionOf(sent("interaction")),
})

export function joinRoutes(site: AuthSite, deps: AuthDeps): void {
  const { web, identity } = deps
  const isOver = ({ request }: BaseRequest, { join }: Waiting) =>
    identity.waitingJoinOf(visitorOf(web, request), join) === null
  const startAgain = ({ interaction }: Waiting) =>
    ({ to: withInteraction("/login", interaction), say: OVER, tone: "error" }) as const

  site.form(JOIN, {
    load,
    form: JOIN_FORM,
    present: ({ join }) => ({ join }),
    async act(page, { current }, waiting) {
      if (isOver(page, waiting)) return startAgain(waiting)
      const input = { join: waiting.join, password: current }
      return entered(deps, page, waiting, await identity.joinByPassword(visitorOf(web, page.request), input))
    },
    show: (page, form, waiting, status) => joinPage(deps, page, waiting, form, status),
  })
  site.form(CODE, {
    load,
    form: JOIN_CODE_FORM,
    present: ({ join }) => ({ join }),
    async act(page, { code }, waiting) {
      if (isOver(page, waiting)) return startAgain(waiting)
      const input = { join: waiting.join, code }
      return entered(deps, page, waiting, await identity.joinByCode(visitorOf(web, page.request), input))
    },
    show: (page, form, waiting, status) => codePage(deps, page, waiting, form, status),
  })
  site.post(SEND, {
    load,
    form: JOIN_SEND_FORM,
    async act(page, _, waiting) {
      if (isOver(page, waiting)) return startAgain(waiting)
      await identity.sendJoinCode(visitorOf(web, page.request), waiting.join)
      return { to: joinPath(CODE, waiting.join, waiting.interaction), say: "A code is on its way to your mail." }
    },
    show(page, { errors }, waiting, status) {
      const form = JOIN_FORM.show({ action: JOIN, present: { join: waiting.join }, errors })
      return joinPage(deps, page, waiting, form, status)
    },
  })
}

const entered = (
  deps: AuthDeps,
  { request }: BaseRequest,
  { interaction }: Waiting,
  joined: Joined,
): Promise<Response> =>
  joined.kind === "in"
    ? finishSignIn(deps, request, joined.started, interaction)
    : Promise.resolve(seeOther(secondPath("/login/code", joined.step, interaction)))

function joinPage(deps: AuthDeps, page: BaseRequest, waiting: Waiting, form: FormView, status: Status): Response {
  const found = propsOf(deps, page, waiting)
  if (found instanceof Response) return found
  const { interaction, ...props } = found
  return page.render((frame) => JoinPage({ frame, ...props, interaction, form: carrying(form, interaction) }), status)
}

function codePage(deps: AuthDeps, page: BaseRequest, waiting: Waiting, form: FormView, status: Status): Response {
  const found = propsOf(deps, page, waiting)
  if (found instanceof Response) return found
  const { interaction, ...props } = found
  if (!found.isSent) return seeOther(joinPath(JOIN, waiting.join, interaction))
  const other = joinPath(JOIN, waiting.join, interaction)
  return page.render(
    (frame) => JoinCodePage({ frame, ...props, interaction, other, form: carrying(form, interaction) }),
    status,
  )
}

function propsOf(deps: AuthDeps, { request }: BaseRequest, { join, interaction: sent }: Waiting) {
  const { web, identity } = deps
  const found = identity.waitingJoinOf(visitorOf(web, request), join)
  if (!found) return web.back(request, withInteraction("/login", sent), { kind: "error", text: OVER })
  const { interaction, clientName } = askingApp(deps, request, sent)
  const { email, issuerName, hasPassword, code } = found
  return { join, interaction, clientName, email, issuerName, hasPassword, isSent: code !== null }
}

/** What may be a join; anything else is dropped instead of travelling on. */
const joinOf = (value: string): string =>
  value.length <= FEDERATION_LIMITS.joinCharsMax && /^[\w.-]+$/.test(value) ? value : ""
