// /settings/two-step: a code of an authenticator app after the password. Set up by a QR code, proved by the first code of the app.
import { encode } from "uqr"
import { RecoveryCodesPage, TwoStepPage, type TwoStepProps } from "../../../views/console/two-step.tsx"
import { brandName } from "../../brand/index.ts"
import { button, field, form, seeOther } from "../../http/index.ts"
import { visitorOf } from "../auth/index.ts"
import { confirmToRead, type PageRequest, type Status } from "../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "web" | "identity" | "clock" | "settings">

const PATH = "/settings/two-step"
const CODES = `${PATH}/codes`
const ACTION = { begin: `${PATH}/start`, confirm: `${PATH}/confirmation`, end: `${PATH}/end` } as const

const BEGIN_FORM = button("Set up")
const CONFIRM_FORM = form({ code: field.code() }, { submit: "Turn on" })
const RENEW_FORM = button("Make new codes")
const END_FORM = button("Turn off", true)

export function twoStepRoutes(site: ConsoleSite, deps: Deps): void {
  const { web, identity } = deps
  site.get(PATH, (page) => twoStep(deps, page))

  site.post(ACTION.begin, {
    form: BEGIN_FORM,
    fresh: true,
    async act(page) {
      await identity.beginSecondStep(page.ctx("set up two-step sign-in"), page.session.userId)
      return { to: PATH }
    },
    show: (page, begin, _, status) => twoStep(deps, page, { begin }, status),
  })
  site.post(ACTION.confirm, {
    form: CONFIRM_FORM,
    fresh: true,
    async act(page, { code }) {
      const ctx = page.ctx("turned two-step sign-in on")
      const codes = await identity.confirmSecondStep(visitorOf(web, page.request), ctx, {
        userId: page.session.userId,
        code,
      })
      return { to: CODES, secret: codes.join(" ") }
    },
    show: (page, confirm, _, status) => twoStep(deps, page, { confirm }, status),
  })
  site.post(CODES, {
    form: RENEW_FORM,
    fresh: true,
    async act(page) {
      const codes = await identity.renewRecoveryCodes(page.ctx("made new recovery codes"), page.session.userId)
      return { to: CODES, secret: codes.join(" ") }
    },
    show: (page, renew, _, status) => twoStep(deps, page, { renew }, status),
  })
  site.post(ACTION.end, {
    form: END_FORM,
    fresh: true,
    async act(page) {
      await identity.endSecondStep(page.ctx("turned two-step sign-in off"), page.session.userId)
      return { to: PATH, say: "Two-step sign-in is off. No code of an app is asked for any more." }
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
  { identity, clock, settings }: Deps,
  page: PageRequest,
  sent: Partial<TwoStepProps["forms"]> = {},
  status?: Status,
): Response {
  const { userId } = page.session
  const enrolment = identity.enrolmentOf(userId, brandName(settings))
  // A secret that waits for its first code is read by who began it, not by who finds the browser open.
  const first = enrolment && confirmToRead(page, PATH)
  if (first) return first
  const props: Omit<TwoStepProps, "frame"> = {
    now: clock.now(),
    state: identity.secondStepOf(userId),
    codesLeft: identity.passkeysOf(userId).length > 0 ? identity.recoveryCodesLeft(userId) : null,
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
