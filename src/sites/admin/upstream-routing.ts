// Which calls an upstream gets: its share, its limits, and draining it.
import { AdminUpstreamRoutingPage } from "../../../views/admin/upstream-routing.tsx"
import type { Routing, Upstream } from "../../gateway/index.ts"
import { button } from "../../http/index.ts"
import { type PageRequest, undoBy, undoTo } from "../base/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"
import { ROUTING_FORM } from "./upstream-forms.ts"
import { loader, pathOf } from "./upstream-page.ts"

export function upstreamRoutingRoutes(site: AdminSite, deps: AdminDeps): void {
  const { gateway } = deps
  const load = loader(deps)
  site.form("/admin/upstreams/:upstream/routing", {
    summary: "Change which calls an upstream gets, and its limits",
    load,
    form: ROUTING_FORM,
    present: ({ routing }) => shareOf(routing),
    kept: ["priority", "weight"],
    async act(page, share, { publicId, routing }) {
      const after = await gateway.setRouting(page.ctx("changed the share of an upstream"), publicId, {
        ...share,
        isDraining: routing.isDraining,
      })
      const undo = undoTo(`${pathOf(after)}/routing`, ROUTING_FORM, shareOf(routing))
      return { to: pathOf(after), say: `${after.name} now: priority ${share.priority}, weight ${share.weight}.`, undo }
    },
    show(page, form, { publicId, name }, status) {
      return page.render((frame) => AdminUpstreamRoutingPage({ frame, upstream: { id: publicId, name }, form }), status)
    },
  })
  const drain = (isDraining: boolean) => ({
    summary: isDraining ? "Give an upstream no new calls" : "Give a drained upstream calls again",
    load,
    form: button(isDraining ? "Drain" : "Take calls again"),
    async act(page: PageRequest, _: unknown, { publicId, routing }: Upstream) {
      const ctx = page.ctx(isDraining ? "drained an upstream" : "let an upstream take calls again")
      const after = await gateway.setRouting(ctx, publicId, { ...routing, isDraining })
      const say = isDraining
        ? `${after.name} gets no new calls. Those that run end in their time.`
        : `${after.name} takes calls again.`
      return { to: pathOf(after), say, undo: undoBy(`${pathOf(after)}/${isDraining ? "undrain" : "drain"}`) }
    },
    back: pathOf,
  })
  site.post("/admin/upstreams/:upstream/drain", drain(true))
  site.post("/admin/upstreams/:upstream/undrain", drain(false))
}

const shareOf = ({ isDraining: _, ...share }: Routing) => share
