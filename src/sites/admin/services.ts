// /admin/services: what runs elsewhere and is charged here by the piece; add one, price it, turn it off.
import { AdminServiceNewPage, AdminServiceOffPage, AdminServicePage } from "../../../views/admin/service.tsx"
import { AdminServicesPage, type ServiceRow } from "../../../views/admin/services.tsx"
import { dayOf, ensure, nano } from "../../app/index.ts"
import { button } from "../../http/index.ts"
import { dollarsOfPico, METERING_LIMITS, type Service, serviceErrors } from "../../metering/index.ts"
import { newValues, type PageRequest, undoBy, undoing, undoTo } from "../base/index.ts"
import { NEW_SERVICE_FORM, SERVICE_FORM, SERVICE_STATE_FORM } from "./service-form.ts"
import type { AdminDeps, AdminSite } from "./site.ts"
import type { ServiceUse } from "./store-services.ts"

const LIST = "/admin/services"
const USED_DAYS = 30

type Deps = Pick<AdminDeps, "metering" | "reads" | "clock" | "web">

export function serviceRoutes(site: AdminSite, deps: Deps): void {
  site.get(LIST, (page) => list(deps, page))
  newRoute(site, deps)
  editRoute(site, deps)
  stateRoutes(site, deps)
}

function newRoute(site: AdminSite, { metering }: Deps): void {
  site.form(
    "/admin/services/new",
    {
      summary: "Add a metered service",
      form: NEW_SERVICE_FORM,
      present: () => ({ quantityMin: 1, quantityMax: 1_000, scope: "mcp" as const }),
      check: ({ readable, unread }) => serviceErrors({ ...EMPTY, ...readable }, unread),
      async act(page, { reason, ...terms }) {
        const made = await metering.create(page.ctx(reason), terms)
        return { to: LIST, say: `${made.name} can be charged now.`, result: { service: made.slug } }
      },
      show: (page, form, _, status) => page.render((frame) => AdminServiceNewPage({ frame, form }), status),
    },
    LIST,
  )
}

const EMPTY = { slug: "", name: "", unit: "", scope: "mcp", pricePico: 0, quantityMin: 1, quantityMax: 1 } as const

function editRoute(site: AdminSite, deps: Deps): void {
  site.form("/admin/services/:service", {
    summary: "Change a metered service",
    load: loader(deps),
    form: SERVICE_FORM,
    present: (service) => ({ ...service, seenMs: service.updatedMs }),
    kept: ["name", "unit", "pricePico"],
    check: ({ readable, unread }, service) => serviceErrors({ ...service, ...readable }, unread),
    async act(page, { reason, ...terms }, before) {
      const saved = await deps.metering.edit(page.ctx(reason), { slug: before.slug, ...terms })
      const changed = newValues(SERVICE_FORM, before, saved)
      if (!changed) return { to: LIST, say: `${saved.name} is as it was.` }
      const undo = undoTo(
        pathOf(before),
        SERVICE_FORM,
        { ...before, seenMs: saved.updatedMs },
        { reason: undoing(reason) },
      )
      return { to: LIST, say: `${saved.name} now: ${changed}.`, undo }
    },
    async show(page, form, service, status) {
      const apiOrigin = deps.web.origins.hosts.api
      const props = { service: rowOf(service, await usedOf(deps)), days: USED_DAYS, apiOrigin, form }
      return page.render((frame) => AdminServicePage({ frame, ...props }), status)
    },
  })
}

function stateRoutes(site: AdminSite, deps: Deps): void {
  const load = loader(deps)
  site.form("/admin/services/:service/deactivation", {
    summary: "Turn a metered service off",
    load,
    form: SERVICE_STATE_FORM,
    async act(page, { reason }, { slug }) {
      const off = await deps.metering.edit(page.ctx(reason), { slug, active: false })
      return { to: LIST, say: `${off.name} is off: it cannot be charged.`, undo: undoBy(`${pathOf(off)}/activation`) }
    },
    show(page, form, { slug, name }, status) {
      return page.render((frame) => AdminServiceOffPage({ frame, service: { slug, name }, form }), status)
    },
  })
  site.post("/admin/services/:service/activation", {
    summary: "Turn a metered service on",
    load,
    form: button("Turn on"),
    async act(page, _, { slug }) {
      const on = await deps.metering.edit(page.ctx("turned a metered service on"), { slug, active: true })
      return { to: pathOf(on), say: `${on.name} can be charged again.` }
    },
    back: pathOf,
  })
}

const pathOf = ({ slug }: Pick<Service, "slug">): string => `${LIST}/${encodeURIComponent(slug)}`

const loader =
  ({ metering }: Deps) =>
  (_: unknown, params: { service: string }): Service => {
    const service = metering.service(params.service)
    ensure(service, "not_found", "There is no such service. They are listed under Services.")
    return service
  }

async function usedOf({ reads, clock }: Deps): Promise<Map<string, ServiceUse>> {
  const rows = await reads.ask<ServiceUse[]>("admin.service-use", { sinceDay: dayOf(clock.now()) - USED_DAYS + 1 })
  return new Map(rows.map((row) => [row.slug, row]))
}

function rowOf(service: Service, used: Map<string, ServiceUse>): ServiceRow {
  const { slug, name, unit, active, quantityMin, quantityMax, pricePico } = service
  const use = used.get(slug)
  const price = dollarsOfPico(pricePico)
  return {
    slug,
    name,
    unit,
    active,
    quantityMin,
    quantityMax,
    price,
    calls: use?.calls ?? 0,
    charged: nano(use?.nano ?? 0),
  }
}

async function list(deps: Deps, page: PageRequest): Promise<Response> {
  const used = await usedOf(deps)
  const services = deps.metering.services().map((service) => rowOf(service, used))
  const isFull = services.length >= METERING_LIMITS.servicesMax
  return page.render((frame) => AdminServicesPage({ frame, services, days: USED_DAYS, isFull }))
}
