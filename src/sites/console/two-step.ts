// /settings/two-step: a code of an authenticator app after the password. Set up by a QR code, proved by the first code of the app.
import { encode } from "uqr"
import { RecoveryCodesPage, TwoStepPage, type TwoStepProps } from "../../../views/console/two-step.tsx"
import { PRODUCT_NAME } from "../../app/index.ts"
import { field, form, seeOther } from "../../http/index.ts"
import { visitorOf } from "../auth/index.ts"
import type { PageRequest, Status } from "../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "web" | "identity" | "clock">

const PATH = "/settings/two-step"
const CODES = `${PATH}/codes`
const ACTION = { begin: `${PATH}/start`, confirm: `${PATH}/confirmation`, end: `${PATH}/end` } as const

const current = (name?: string) =>
  field.password({ ...(name ? { name } : {}), label: "Password", autocomplete: "current-password", required: true })

const BEGIN_FORM = form({ current: current() }, { submit: "Set up" })
const CONFIRM_FORM = form({ code: field.code() }, { submit: "Turn on" })
const RENEW_FORM = form({ current: current() }, { submit: "Make new codes" })
const END_FORM = form(
  {
    // Another form of the page asks for it too.
    current: current("proof"),
    code: field.text({
      label: "Code",
      required: true,
      mono: true,
      autocomplete: "one-time-code",
      length: 30,
      help: "Of the app, or a recovery code.",
    }),
  },
  { submit: "Turn off", danger: true },
)

export function twoStepRoutes(site: ConsoleSite, deps: Deps): void {
  const { web, identity } = deps
  const who = (page: PageRequest) => ({ userId: page.session.userId })
  site.get(PATH, (page) => twoStep(deps, page))

  site.post(ACTION.begin, {
    form: BEGIN_FORM,
    async act(page, { current }) {
      const visitor = visitorOf(web, page.request)
      await identity.beginSecondStep(visitor, page.ctx("set up two-step sign-in"), { ...who(page), current })
      return { to: PATH }
    },
    show: (page, begin, _, status) => twoStep(deps, page, { begin }, status),
  })
  site.post(ACTION.confirm, {
    form: CONFIRM_FORM,
    async act(page, { code }) {
      const ctx = page.ctx("turned two-step sign-in on")
      const codes = await identity.confirmSecondStep(visitorOf(web, page.request), ctx, { ...who(page), code })
      return { to: CODES, secret: codes.join(" ") }
    },
    show: (page, confirm, _, status) => twoStep(deps, page, { confirm }, status),
  })
  site.post(CODES, {
    form: RENEW_FORM,
    async act(page, { current }) {
      const ctx = page.ctx("made new recovery codes")
      const codes = await identity.renewRecoveryCodes(visitorOf(web, page.request), ctx, { ...who(page), current })
      return { to: CODES, secret: codes.join(" ") }
    },
    show: (page, renew, _, status) => twoStep(deps, page, { renew }, status),
  })
  site.post(ACTION.end, {
    form: END_FORM,
    async act(page, proof) {
      const ctx = page.ctx("turned two-step sign-in off")
      await identity.endSecondStep(visitorOf(web, page.request), ctx, { ...who(page), ...proof })
      return { to: PATH, say: "Two-step sign-in is off. Your password alone signs you in." }
    },
    show: (page, end, _, status) => twoStep(deps, page, { end }, status),
  })
  site.get(CODES, (page) => {
    const { secret, forget } = web.takeSecret(page.request)
    if (secret === undefined) return seeOther(PATH)
    const codes = secret.split(" ")
    return page.render((frame) => RecoveryCodesPage({ frame, codes }), { status: 200, cookies: [forget] })
  })
}

/** The page as things stand; `sent` is the form that was refused. */
function twoStep(
  { identity, clock }: Deps,
  page: PageRequest,
  sent: Partial<TwoStepProps["forms"]> = {},
  status?: Status,
): Response {
  const { userId } = page.session
  const enrolment = identity.enrolmentOf(userId, PRODUCT_NAME)
  const props: Omit<TwoStepProps, "frame"> = {
    now: clock.now(),
    state: identity.secondStepOf(userId),
    enrolment: enrolment && { ...enrolment, modules: encode(enrolment.uri, { ecc: "M", border: 2 }).data },
    forms: {
      begin: BEGIN_FORM.show({ action: ACTION.begin }),
      confirm: CONFIRM_FORM.show({ action: ACTION.confirm }),
      renew: RENEW_FORM.show({ action: CODES }),
      end: END_FORM.show({ action: ACTION.end }),
      ...sent,
    },
  }
  return page.render((frame) => TwoStepPage({ frame, ...props }), status)
}
