// /admin/packages: credits for sale; add a package, price it, take it off sale.
import { AdminPackageNewPage, AdminPackageOffPage, AdminPackagePage } from "../../../views/admin/package.tsx"
import { AdminPackagesPage } from "../../../views/admin/packages.tsx"
import { ensure, nano } from "../../app/index.ts"
import { BILLING_LIMITS, type CreditPackage, packageErrors } from "../../billing/index.ts"
import { button } from "../../http/index.ts"
import { newValues, undoBy, undoing, undoTo } from "../base/index.ts"
import { NEW_PACKAGE_FORM, PACKAGE_FORM, PACKAGE_OFF_FORM } from "./package-form.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const LIST = "/admin/packages"

type Deps = Pick<AdminDeps, "billing" | "store">

export function packageRoutes(site: AdminSite, deps: Deps): void {
  const { billing } = deps
  site.get(LIST, (page) => {
    const packages = billing.packages()
    const props = { packages, isOn: billing.isOn, isFull: packages.length >= BILLING_LIMITS.packagesMax }
    return page.render((frame) => AdminPackagesPage({ frame, ...props }))
  })
  newRoute(site, deps)
  editRoute(site, deps)
  stateRoutes(site, deps)
}

const EMPTY = { slug: "", name: "", priceNano: nano(0), bonusNano: nano(0), bonusDays: null }

function newRoute(site: AdminSite, { billing, store }: Deps): void {
  site.form(
    "/admin/packages/new",
    {
      summary: "Add a package of credits",
      form: NEW_PACKAGE_FORM,
      present: () => ({ bonusNano: nano(0) }),
      check: ({ readable, unread }) => packageErrors({ ...EMPTY, ...readable }, unread),
      async act(page, { reason, ...terms }) {
        const made = await store.write(page.ctx(reason), (tx) => billing.createPackageIn(tx, terms))
        return { to: LIST, say: `${made.name} is on sale.`, result: { package: made.slug } }
      },
      show: (page, form, _, status) => page.render((frame) => AdminPackageNewPage({ frame, form }), status),
    },
    LIST,
  )
}

function editRoute(site: AdminSite, deps: Deps): void {
  const { billing, store } = deps
  site.form("/admin/packages/:package", {
    summary: "Change a package of credits",
    load: loader(deps),
    form: PACKAGE_FORM,
    present: (one) => ({ ...one, seenMs: one.updatedMs }),
    kept: ["name", "priceNano"],
    check: ({ readable, unread }, one) => packageErrors({ ...one, ...readable }, unread),
    async act(page, { reason, ...terms }, before) {
      const saved = await store.write(page.ctx(reason), (tx) =>
        billing.editPackageIn(tx, { slug: before.slug, ...terms }),
      )
      const changed = newValues(PACKAGE_FORM, before, saved)
      if (!changed) return { to: LIST, say: `${saved.name} is as it was.` }
      const undo = undoTo(
        pathOf(before),
        PACKAGE_FORM,
        { ...before, seenMs: saved.updatedMs },
        { reason: undoing(reason) },
      )
      return { to: LIST, say: `${saved.name} now: ${changed}.`, undo }
    },
    show: (page, form, one, status) => page.render((frame) => AdminPackagePage({ frame, one, form }), status),
  })
}

function stateRoutes(site: AdminSite, deps: Deps): void {
  const { billing, store } = deps
  const load = loader(deps)
  site.form("/admin/packages/:package/deactivation", {
    summary: "Take a package off sale",
    load,
    form: PACKAGE_OFF_FORM,
    async act(page, { reason }, { slug }) {
      const off = await store.write(page.ctx(reason), (tx) => billing.editPackageIn(tx, { slug, active: false }))
      return { to: LIST, say: `${off.name} is off sale.`, undo: undoBy(`${pathOf(off)}/activation`) }
    },
    show: (page, form, one, status) => page.render((frame) => AdminPackageOffPage({ frame, one, form }), status),
  })
  site.post("/admin/packages/:package/activation", {
    summary: "Put a package on sale",
    load,
    form: button("Put on sale"),
    async act(page, _, { slug }) {
      const ctx = page.ctx("put a package on sale")
      const on = await store.write(ctx, (tx) => billing.editPackageIn(tx, { slug, active: true }))
      return { to: pathOf(on), say: `${on.name} is on sale.` }
    },
    back: pathOf,
  })
}

const pathOf = ({ slug }: Pick<CreditPackage, "slug">): string => `${LIST}/${encodeURIComponent(slug)}`

const loader =
  ({ billing }: Deps) =>
  (_: unknown, params: { package: string }): CreditPackage => {
    const one = billing.packageBySlug(params.package)
    ensure(one, "not_found", "There is no such package. They are listed under Packages.")
    return one
  }
