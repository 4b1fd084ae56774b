// Test clocks: customers that live by their own time.
import { catchUp } from "./due.ts"
import { invalid } from "./fault.ts"
import { type Route, route } from "./http.ts"
import { EXPAND, none } from "./lists.ts"
import { fields, text, whole } from "./shape.ts"
import type { Customer, TestClock } from "./types.ts"
import type { World } from "./world.ts"

export const clockRoutes = (world: World): Route[] => [
  route("POST", "/v1/test_helpers/test_clocks", fields({ frozen_time: whole }, { name: text, ...EXPAND }), (sent) => {
    const now = world.now()
    const clock: TestClock = {
      id: world.id("clock"),
      object: "test_helpers.test_clock",
      created: now,
      livemode: false,
      frozen_time: sent.frozen_time,
      name: sent.name ?? null,
      status: "ready",
      deletes_after: now + 30 * 86_400,
    }
    return world.add(clock)
  }),
  route("GET", "/v1/test_helpers/test_clocks/:id", none, (_, { id }) =>
    world.find<TestClock>("test_helpers.test_clock", id!),
  ),
  route("POST", "/v1/test_helpers/test_clocks/:id/advance", fields({ frozen_time: whole }, EXPAND), (sent, { id }) => {
    const clock = world.find<TestClock>("test_helpers.test_clock", id!)
    if (sent.frozen_time < clock.frozen_time)
      throw invalid("You cannot advance a test clock to the past.", "frozen_time")
    catchUp(world, sent.frozen_time, (customer) => livesBy(world, customer) === clock.id)
    clock.frozen_time = sent.frozen_time
    world.emit("test_helpers.test_clock.ready", clock)
    return clock
  }),
  route("DELETE", "/v1/test_helpers/test_clocks/:id", none, (_, { id }) => {
    world.remove(world.find<TestClock>("test_helpers.test_clock", id!))
    return { id, object: "test_helpers.test_clock", deleted: true }
  }),
]

export const livesBy = (world: World, customer: string | null): string | null =>
  customer ? ((world.any(customer) as Customer | undefined)?.test_clock ?? null) : null
