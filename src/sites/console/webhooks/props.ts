// What the pages of webhooks show, from the domain's nouns.
import type { DeliveryRow, DeliveryShown, WebhookDeliveryProps } from "../../../../views/console/webhook.tsx"
import type { WebhookRow } from "../../../../views/console/webhooks.tsx"
import type { Delivery, DeliveryDetail, Endpoint, Webhooks } from "../../../webhooks/index.ts"

export function endpointRow(webhooks: Webhooks, endpoint: Endpoint): WebhookRow {
  const { publicId, url, description, mode, offBecause, types, createdMs } = endpoint
  const { failingMs, waiting } = webhooks.health(endpoint.id)
  const { delivered, failed } = webhooks.lastDay(endpoint.id)
  const state = offBecause === null || offBecause === "removed" ? "on" : offBecause
  const row = { id: publicId, url, description, testMode: mode === "test", state, types, createdMs } as const
  return { ...row, failingMs, delivered, failed, waiting }
}

const deliveryRow = ({ publicId, type, state, tries, status, createdMs }: Delivery): DeliveryRow => ({
  id: publicId,
  type,
  state,
  tries,
  status,
  createdMs,
})

export function detailOf(delivery: DeliveryDetail): Pick<WebhookDeliveryProps, "delivery" | "history"> {
  const { eventId, subject, body, nextMs, history } = delivery
  return { delivery: { ...deliveryRow(delivery), eventId, subject, body, nextMs }, history }
}

const SHOWN: readonly DeliveryShown[] = ["all", "waiting", "delivered", "failed", "dropped"]
const ROWS = 25

export interface LogAsked {
  only: DeliveryShown
  before: number | undefined
}

/** Anybody may write another query, which begins the list at its top. */
export function logAsked(url: string): LogAsked {
  const { searchParams } = new URL(url)
  const before = /^\d{1,15}$/.exec(searchParams.get("before") ?? "")?.[0]
  return {
    only: SHOWN.find((one) => one === searchParams.get("only")) ?? "all",
    before: before === undefined ? undefined : Number(before),
  }
}

export function logOf(webhooks: Webhooks, endpoint: Endpoint, path: string, { only, before }: LogAsked) {
  const asked = {
    rows: ROWS + 1,
    state: only === "all" ? undefined : only,
    ...(before === undefined ? {} : { beforeId: before }),
  }
  const found = webhooks.deliveries(endpoint.id, asked)
  const rows = found.slice(0, ROWS)
  const hrefOf = (place: number | null) => {
    const query = new URLSearchParams({
      ...(only === "all" ? {} : { only }),
      ...(place === null ? {} : { before: String(place) }),
    })
    return query.size === 0 ? path : `${path}?${query}`
  }
  return {
    shown: only,
    deliveries: rows.map(deliveryRow),
    firstHref: before === undefined ? undefined : hrefOf(null),
    nextHref: found.length > ROWS ? hrefOf(rows.at(-1)!.id) : undefined,
  }
}
