// /login/code and /login/recovery: the second step of a sign-in. What waits travels with the form, sealed for this browser.
import { SecondStepPage } from "../../../views/auth/second-step.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import type { BaseRequest, Status } from "../base/index.ts"
import { carrying, RECOVERY_FORM, SECOND_FORM } from "./forms.ts"
import {
  type AuthDeps,
  type AuthSite,
  askingApp,
  finishSignIn,
  interactionOf,
  visitorOf,
  withInteraction,
} from "./site.ts"

const OVER = "This sign-in took too long. Start it again."
const STEP_CHARS_MAX = 3_000

interface Waiting {
  step: string
  interaction: string | undefined
}
type SecondPath = "/login/code" | "/login/recovery"

/** Address of a second step. */
export function secondPath(path: SecondPath, step: string, interaction: string | undefined): string {
  return `${path}?${new URLSearchParams({ step, ...(interaction ? { interaction } : {}) })}`
}

export function secondRoutes(site: AuthSite, deps: AuthDeps): void {
  secondRoute(site, deps, "/login/code", SECOND_FORM)
  secondRoute(site, deps, "/login/recovery", RECOVERY_FORM as typeof SECOND_FORM)
}

function secondRoute(site: AuthSite, deps: AuthDeps, path: SecondPath, form: typeof SECOND_FORM): void {
  const { web, identity } = deps
  site.form(path, {
    load: (_page, _params, sent): Waiting => ({
      step: stepOf(sent("step")),
      interaction: interactionOf(sent("interaction")),
    }),
    form,
    present: ({ step }) => ({ step }),
    async act({ request }, { code }, { step, interaction }) {
      const visitor = visitorOf(web, request)
      if (!identity.waitingStepOf(visitor, step))
        return { to: withInteraction("/login", interaction), say: OVER, tone: "error" }
      return finishSignIn(deps, request, await identity.completeLogin(visitor, { step, code }), interaction)
    },
    show: (page, view, waiting, status) => secondPage(deps, page, path, view, waiting, status),
  })
}

function secondPage(
  deps: AuthDeps,
  page: BaseRequest,
  path: SecondPath,
  view: FormView,
  { step, interaction: sent }: Waiting,
  status: Status,
): Response {
  const { web, identity } = deps
  const waiting = identity.waitingStepOf(visitorOf(web, page.request), step)
  if (!waiting) return web.back(page.request, withInteraction("/login", sent), { kind: "error", text: OVER })
  const { interaction, clientName } = askingApp(deps, page.request, sent)
  const props = {
    clientName,
    email: waiting.email,
    isRecovery: path === "/login/recovery",
    other: secondPath(path === "/login/code" ? "/login/recovery" : "/login/code", step, interaction),
    form: carrying(view, interaction),
  }
  return page.render((frame) => SecondStepPage({ frame, ...props }), status)
}

/** What may be a step; anything else is dropped instead of travelling on. */
const stepOf = (value: string): string => (value.length <= STEP_CHARS_MAX && /^[\w.-]+$/.test(value) ? value : "")
