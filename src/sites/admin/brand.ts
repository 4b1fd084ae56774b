// /admin/brand: name, colour and texts of the house in one form, with what they will look like while they are typed; and the logo. The
// same settings stand under /admin/settings.
import { AdminBrandPage, BrandPreview, type BrandPreviewProps } from "../../../views/admin/brand.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { accentOf, BRAND, isColour, LOGO } from "../../brand/index.ts"
import { field, form, html } from "../../http/index.ts"
import {
  createSite,
  newValues,
  type PageRequest,
  pictureForm,
  requireAdmin,
  type Status,
  savePicture,
  undoing,
  undoTo,
} from "../base/index.ts"
import { changesOf } from "./setting-changes.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const PATH = "/admin/brand"
const LOGO_FORM = pictureForm("Logo", "Save logo")

const BRAND_FORM = form(
  {
    name: BRAND.name.field,
    accent: BRAND.accent.field,
    claim: BRAND.claim.field,
    lead: BRAND.lead.field,
    support: BRAND.support.field,
    social: BRAND.social.field,
    counts: BRAND.counts.field,
    reason: field.reason(),
  },
  { submit: "Save brand" },
)
type Key = keyof typeof BRAND
const KEYS = Object.keys(BRAND) as Key[]

/** As the form has them. */
type Values = Record<Exclude<Key, "counts">, string> & { counts: "no" | "yes" }

type Deps = Pick<
  AdminDeps,
  "settings" | "teams" | "store" | "clock" | "identity" | "oauth" | "media" | "web" | "developers" | "legal"
>

const valuesOf = ({ settings }: Pick<Deps, "settings">): Values =>
  Object.fromEntries(KEYS.map((key) => [key, settings.get(BRAND[key])])) as Values

export function brandRoutes(site: AdminSite, deps: Deps): void {
  const { settings, store } = deps
  site.form(PATH, {
    summary: "Set name, colour and texts of the house",
    form: BRAND_FORM,
    present: () => valuesOf(deps),
    kept: KEYS,
    check: ({ readable }) =>
      Object.fromEntries(
        KEYS.map((key) => [
          key,
          readable[key] === undefined ? undefined : (BRAND[key].problem(readable[key]) ?? undefined),
        ]),
      ),
    async act(page, { reason, ...values }) {
      const before = valuesOf(deps)
      await store.write(page.ctx(reason), (tx) => {
        for (const key of KEYS) settings.setIn(tx, BRAND[key], { value: values[key] })
      })
      const changed = newValues(BRAND_FORM, before, valuesOf(deps))
      if (!changed) return { to: PATH, say: "The brand is as it was." }
      return {
        to: PATH,
        say: "The brand is saved.",
        undo: undoTo(PATH, BRAND_FORM, before, { reason: undoing(reason) }),
      }
    },
    show: (page, view, _, status) => brandPage(deps, page, view, status),
  })
  site.get("/admin/brand/preview", (page) => {
    const query = new URL(page.request.url).searchParams
    const typed = (key: Key) => query.get(key) ?? settings.get(BRAND[key])
    return html(BrandPreview(previewOf(typed)))
  })
}

/** Pictures are sent by browsers, so these forms are no part of the API of programs. */
export function brandLogoSite(deps: Deps) {
  const site = createSite({ web: deps.web, pages: [], enter: (request) => requireAdmin(deps, request) })
  site.post("/admin/brand/logo", {
    form: LOGO_FORM,
    async act(page, sent) {
      const place = { ...LOGO, ownerId: page.session.userId }
      await savePicture(deps.media, page.ctx("changed the logo"), place, sent)
      return { to: PATH, say: "The logo is saved." }
    },
    show: (page, logo, _, status) =>
      brandPage(deps, page, BRAND_FORM.show({ action: PATH, present: valuesOf(deps) }), status, logo),
  })
  site.post("/admin/brand/logo/removal", {
    form: form({}, { submit: "Remove logo" }),
    async act(page) {
      await deps.media.show(page.ctx("removed the logo"), LOGO, null)
      return { to: PATH, say: "The logo is removed." }
    },
    back: () => PATH,
  })
  return site.routes
}

/** A colour that cannot be read yet is as if none was given. */
function previewOf(typed: (key: Key) => string): BrandPreviewProps {
  const accent = typed("accent")
  return {
    name: typed("name").slice(0, 80),
    claim: typed("claim").slice(0, 200),
    accents: isColour(accent) ? accentOf(accent) : null,
    isWrong: accent !== "" && !isColour(accent),
  }
}

function brandPage(deps: Deps, page: PageRequest, view: FormView, status: Status, logo?: FormView): Response {
  const values = valuesOf(deps)
  const props = {
    now: deps.clock.now(),
    form: view,
    logo: logo ?? LOGO_FORM.show({ action: "/admin/brand/logo" }),
    preview: previewOf((key) => values[key]),
    changes: changesOf(deps, Object.values(BRAND), ({ field: { look } }) => look.label),
  }
  return page.render((frame) => AdminBrandPage({ frame, ...props }), status)
}
