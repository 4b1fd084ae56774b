// Every order of delivery of every flow of plans in which time passes. A server a flow, for its people go on being renewed.
import { test } from "bun:test"
import { RENEWALS } from "./flows/plan-lives.ts"
import { provePlan } from "./flows/plans-kit.ts"

for (const flow of RENEWALS) test(`${flow.name}: in whatever order, the same is left`, () => provePlan(flow), 120_000)
