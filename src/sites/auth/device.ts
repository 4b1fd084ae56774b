// /device: the code that a terminal or a television shows is typed here, or comes with a link; then sign-in and consent as for any app
// (RFC 8628 §3.3). Opening a link decides nothing: whoever follows one compares the code first.
import { DeviceDonePage, DevicePage } from "../../../views/auth/device.tsx"
import { DEVICE_FORM } from "./forms.ts"
import { type AuthDeps, type AuthSite, follow, networkOfRequest, stepOf } from "./site.ts"

const CODE_CHARS_MAX = 40

export function deviceRoutes(site: AuthSite, deps: AuthDeps): void {
  site.form("/device", {
    load: (_page, _params, sent) => sent("user_code").slice(0, CODE_CHARS_MAX),
    form: DEVICE_FORM,
    present: (userCode) => ({ userCode }),
    async act({ request }, { userCode }) {
      const asked = { userCode, ...stepOf(deps, request), network: networkOfRequest(request) }
      const outcome = await deps.oauth.beginDevice(asked)
      return follow(deps, request, outcome, deps.web.browserCookies(request))
    },
    show(page, form, userCode, status) {
      const isFromLink = userCode !== "" && page.request.method === "GET"
      return page.render((frame) => DevicePage({ frame, form, isFromLink }), status)
    },
  })
  site.get("/device/done", (page) => {
    const isApproved = new URL(page.request.url).searchParams.get("answer") === "yes"
    return page.render((frame) => DeviceDonePage({ frame, isApproved }))
  })
}
