// /developer/apps/:app/webhooks: the endpoints of an app, by the console's routes; and the catalogue of events, made of the registry.
import { type EventShown, WebhookEventsPage } from "../../../views/portal/webhook-events.tsx"
import { type EventKind, eventsFor, eventWords, typeName } from "../../webhooks/index.ts"
import type { PageRequest, Site } from "../base/index.ts"
import { webhookRoutes } from "../console/index.ts"
import { mine, pathOf } from "./places.ts"
import type { PortalDeps, PortalSite } from "./site.ts"

export function appWebhookRoutes(site: PortalSite, deps: PortalDeps): void {
  webhookRoutes(site as unknown as Site<PageRequest, string>, deps, {
    path: "/developer/apps/:app/webhooks",
    hook: "apphook",
    delivery: "appdelivery",
    to: "app",
    whose(page, { app = "" }) {
      const client = mine(deps, page, app)
      const of = { id: client.publicId, name: client.name }
      return {
        owner: { userId: page.holder.id, client },
        place: {
          path: `${pathOf(client)}/webhooks`,
          up: { href: pathOf(client), label: client.name },
          section: "Developer",
          app: of,
        },
      }
    },
  })
  site.get("/developer/webhooks/events", (page) =>
    page.render((frame) => WebhookEventsPage({ frame, groups: eventGroups() })),
  )
}

const eventGroups = () => [
  {
    id: "apps",
    title: "Of apps",
    words: "For endpoints of an app: its permissions, its people meeting limits, the app itself.",
    events: eventsFor("app").map(shown),
  },
  {
    id: "people",
    title: "Of people",
    words: "For endpoints under your settings: your credits, keys, payments, subscriptions, sales and payouts.",
    events: eventsFor("person").map(shown),
  },
]

function shown({ type, kind }: { type: string; kind: EventKind }): EventShown {
  const body = {
    type,
    timestamp: "2026-11-28T10:15:00.000Z",
    mode: "live",
    ...(kind.to === "app" ? { app: "cli_01KAZ3V9M4N8T2X6Q7R5S1P0WP" } : {}),
    data: kind.example,
  }
  const fields = Object.entries(kind.data.properties).map(([name, schema]) => ({
    name,
    type: typeName(schema),
    words: schema.description ?? "",
  }))
  return { type, when: eventWords(kind), fields, example: JSON.stringify(body, null, 2) }
}
