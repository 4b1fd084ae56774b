// The walks of sign-in, passwords and foreign apps once more, on a server whose parts have origins of their own.
import { afterAll } from "bun:test"

process.env.PURSER_TEST_HOSTS = "4"
afterAll(() => void delete process.env.PURSER_TEST_HOSTS)

await import("./main-flow.test.ts")
await import("./foreign-apps.test.ts")
await import("./foreign-tabs.test.ts")
await import("./password.test.ts")
