// Schedules: what a subscription becomes at the end of its period.
import { invalid } from "./fault.ts"
import { type Route, route } from "./http.ts"
import { EXPAND, none } from "./lists.ts"
import { boundary } from "./periods.ts"
import { fields, flag, list, metadata, moment, oneOf, text, whole } from "./shape.ts"
import type { Phase, Price, Schedule, Subscription } from "./types.ts"
import type { World } from "./world.ts"

const PHASE = fields(
  { items: list(fields({ price: text }, { quantity: whole, metadata })) },
  {
    start_date: moment,
    end_date: moment,
    iterations: whole,
    duration: fields({ interval: oneOf("day", "week", "month", "year") }, { interval_count: whole }),
    proration_behavior: oneOf("always_invoice", "create_prorations", "none"),
    metadata,
  },
)
const END = oneOf("cancel", "release")

export const scheduleRoutes = (world: World): Route[] => [
  route("POST", "/v1/subscription_schedules", fields({}, { from_subscription: text, metadata, ...EXPAND }), (sent) => {
    if (!sent.from_subscription)
      throw invalid("Missing required param: from_subscription.", "from_subscription", "parameter_missing")
    const subscription = world.find<Subscription>("subscription", sent.from_subscription)
    if (subscription.schedule)
      throw invalid("You cannot migrate a subscription that is already attached to a schedule.", "from_subscription")
    const [item] = subscription.items.data
    const phase: Phase = {
      start_date: item!.current_period_start,
      end_date: item!.current_period_end,
      items: subscription.items.data.map(({ price, quantity }) => ({ price: price.id, quantity, metadata: {} })),
      proration_behavior: "create_prorations",
    }
    const schedule: Schedule = {
      id: world.id("sub_sched"),
      object: "subscription_schedule",
      created: world.now(subscription.customer),
      livemode: false,
      customer: subscription.customer,
      subscription: subscription.id,
      released_at: null,
      released_subscription: null,
      canceled_at: null,
      completed_at: null,
      end_behavior: "release",
      current_phase: { start_date: phase.start_date, end_date: phase.end_date },
      phases: [phase],
      status: "active",
      metadata: sent.metadata ?? {},
    }
    world.add(schedule)
    subscription.schedule = schedule.id
    world.emit("subscription_schedule.created", schedule)
    world.emit("customer.subscription.updated", subscription, { schedule: null })
    return schedule
  }),
  route("GET", "/v1/subscription_schedules/:id", none, (_, { id }) =>
    world.find<Schedule>("subscription_schedule", id!),
  ),
  route(
    "POST",
    "/v1/subscription_schedules/:id",
    fields(
      {},
      {
        phases: list(PHASE),
        end_behavior: END,
        proration_behavior: oneOf("always_invoice", "create_prorations", "none"),
        metadata,
        ...EXPAND,
      },
    ),
    (sent, { id }) => {
      const schedule = active(world, id!)
      const now = world.now(schedule.customer)
      if (sent.phases) {
        let from = schedule.current_phase?.start_date ?? now
        schedule.phases = sent.phases.map((phase): Phase => {
          const start = typeof phase.start_date === "number" ? phase.start_date : from
          const price = world.find<Price>("price", phase.items[0]!.price, "phases[0][items][0][price]")
          const counted = phase.duration
            ? boundary(
                start,
                {
                  interval: phase.duration.interval,
                  interval_count: phase.duration.interval_count ?? 1,
                  usage_type: "licensed",
                },
                1,
              )
            : boundary(start, price.recurring!, phase.iterations ?? 1)
          from = typeof phase.end_date === "number" ? phase.end_date : counted
          return {
            start_date: start,
            end_date: from,
            items: phase.items.map(({ price, quantity = 1, metadata = {} }) => ({ price, quantity, metadata })),
            proration_behavior: phase.proration_behavior ?? "create_prorations",
          }
        })
      }
      if (sent.end_behavior) schedule.end_behavior = sent.end_behavior
      if (sent.metadata) Object.assign(schedule.metadata, sent.metadata)
      world.emit("subscription_schedule.updated", schedule)
      return schedule
    },
  ),
  route(
    "POST",
    "/v1/subscription_schedules/:id/release",
    fields({}, { preserve_cancel_date: flag, ...EXPAND }),
    (_, { id }) => release(world, active(world, id!)),
  ),
  route(
    "POST",
    "/v1/subscription_schedules/:id/cancel",
    fields({}, { invoice_now: flag, prorate: flag, ...EXPAND }),
    (_, { id }) => {
      const schedule = active(world, id!)
      schedule.status = "canceled"
      schedule.canceled_at = world.now(schedule.customer)
      world.emit("subscription_schedule.canceled", schedule)
      return schedule
    },
  ),
]

function active(world: World, id: string): Schedule {
  const schedule = world.find<Schedule>("subscription_schedule", id)
  if (schedule.status !== "active" && schedule.status !== "not_started")
    throw invalid(`You cannot update a subscription schedule that is currently in the \`${schedule.status}\` status.`)
  return schedule
}

export function release(world: World, schedule: Schedule): Schedule {
  const subscription = world.find<Subscription>("subscription", schedule.subscription!)
  schedule.status = "released"
  schedule.released_at = world.now(schedule.customer)
  schedule.released_subscription = subscription.id
  schedule.subscription = null
  schedule.current_phase = null
  subscription.schedule = null
  world.emit("subscription_schedule.released", schedule)
  world.emit("customer.subscription.updated", subscription, { schedule: schedule.id })
  return schedule
}

/** Items of the phase that begins at a boundary; nothing when it is the last. @returns whether the items changed */
export function nextPhase(world: World, subscription: Subscription, at: number): boolean {
  if (!subscription.schedule) return false
  const schedule = world.find<Schedule>("subscription_schedule", subscription.schedule)
  const phase = schedule.phases.find(({ start_date, end_date }) => start_date <= at && at < end_date)
  if (!phase) {
    if (schedule.end_behavior === "release") release(world, schedule)
    return false
  }
  if (schedule.current_phase?.start_date === phase.start_date) return false
  schedule.current_phase = { start_date: phase.start_date, end_date: phase.end_date }
  for (const [index, item] of subscription.items.data.entries()) {
    const wanted = phase.items[index]
    if (wanted) Object.assign(item, { price: world.find<Price>("price", wanted.price), quantity: wanted.quantity })
  }
  world.emit("subscription_schedule.updated", schedule)
  return true
}
