// The walks of sign-in, passwords and foreign apps once more, on a server whose parts have origins of their own.
import { afterAll } from "bun:test"

process.env.PURSER_TEST_HOSTS = "4"
afterAll(() => void delete process.env.PURSER_TEST_HOSTS)

await import("../browser/main-flow.test.ts")
await import("../browser/foreign-apps.test.ts")
await import("../browser/foreign-tabs.test.ts")
await import("../browser/password.test.ts")
