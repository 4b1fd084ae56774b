// /settings/passkeys: which there are, a new one, its name, and being without it. What changes who gets in asks first who is there.
import {
  PasskeyNewPage,
  PasskeyPage,
  PasskeyRemovePage,
  PasskeysPage,
  passkeyPath,
} from "../../../views/console/passkeys.tsx"
import { ensure } from "../../app/index.ts"
import { button, field, form } from "../../http/index.ts"
import type { PasskeyShown } from "../../identity/index.ts"
import { NEW_PASSKEY_FORM, passkeyAsk, visitorOf } from "../auth/index.ts"
import { type PageRequest, undoTo } from "../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "web" | "identity" | "clock">

const LIST = "/settings/passkeys"
const NEW = `${LIST}/new`
const NAME_FORM = form({ name: field.text({ label: "Name", required: true, length: 40 }) }, { submit: "Save name" })

export function passkeyRoutes(site: ConsoleSite, deps: Deps): void {
  const { identity, clock } = deps
  site.get(LIST, (page) => {
    const { userId } = page.session
    const props = {
      now: clock.now(),
      isPossible: identity.hasPasskeys,
      passkeys: identity.passkeysOf(userId),
      codesLeft: identity.recoveryCodesLeft(userId),
    }
    return page.render((frame) => PasskeysPage({ frame, ...props }))
  })
  newRoute(site, deps)
  oneRoutes(site, deps)
}

function newRoute(site: ConsoleSite, { web, identity }: Deps): void {
  site.form(NEW, {
    fresh: true,
    form: NEW_PASSKEY_FORM,
    async act(page, { name, ticket, response }) {
      const input = { userId: page.session.userId, name, ticket, response }
      const made = await identity.addPasskey(visitorOf(web, page.request), page.ctx("added a passkey"), input)
      if (made.codes) return { to: "/settings/two-step/codes", secret: made.codes.join(" ") }
      return { to: LIST, say: `“${made.name}” signs you in from now on.` }
    },
    show(page, view, _, status) {
      const asked = identity.askNewPasskey(visitorOf(web, page.request), page.session.userId)
      const typed = view.fields.find(({ name }) => name === "name")?.typed[0] ?? ""
      const { options, form } = passkeyAsk(NEW_PASSKEY_FORM, NEW, asked, { name: typed })
      return page.render(
        (frame) =>
          PasskeyNewPage({
            frame,
            isPossible: identity.hasPasskeys,
            options,
            form: { ...form, ids: undefined, errors: view.errors },
          }),
        { ...status, pack: false },
      )
    },
  })
}

function oneRoutes(site: ConsoleSite, { identity, clock }: Deps): void {
  const load = (page: PageRequest, { passkey }: { passkey: string }): PasskeyShown => {
    const one = identity.passkeysOf(page.session.userId).find(({ publicId }) => publicId === passkey)
    ensure(one, "not_found", "There is no such passkey. Yours are listed under Passkeys.")
    return one
  }
  const refOf = (page: PageRequest, { publicId }: PasskeyShown) => ({ userId: page.session.userId, publicId })
  site.form(`${LIST}/:passkey`, {
    load,
    form: NAME_FORM,
    present: ({ name }) => ({ name }),
    async act(page, { name }, before) {
      const after = await identity.renamePasskey(page.ctx("named a passkey"), { ...refOf(page, before), name })
      const undo = undoTo(passkeyPath(before.publicId), NAME_FORM, { name: before.name })
      return { to: LIST, say: `It is called “${after}” now.`, undo }
    },
    show: (page, view, passkey, status) =>
      page.render((frame) => PasskeyPage({ frame, now: clock.now(), passkey, form: view }), status),
  })
  site.form(`${LIST}/:passkey/removal`, {
    load,
    fresh: true,
    form: button("Remove", true),
    async act(page, _, passkey) {
      await identity.removePasskey(page.ctx("removed a passkey"), refOf(page, passkey))
      return { to: LIST, say: `“${passkey.name}” no longer signs you in.` }
    },
    show: (page, view, passkey, status) =>
      page.render((frame) => PasskeyRemovePage({ frame, passkey, form: view }), status),
  })
}
