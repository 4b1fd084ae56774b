import type { Flash, Undo } from "../layout/frame.ts"
import { Badge, Button, Confirm, Empty, FlashMessage, Notice, QrCode, Secret } from "../ui/index.ts"
import type { Specimen } from "./specimen.ts"

const UNDO: Undo = { action: "/theme", fields: { theme: ["system"], back: ["/_ui"] } }
const TOASTS: readonly Flash[] = [
  { kind: "ok", text: "100 credits are yours." },
  { kind: "ok", text: "Margin Notes may spend 77 credits a day.", undo: UNDO },
  { kind: "info", text: "You are signed in on another device now." },
  { kind: "error", text: "The upstream did not answer. Nothing was saved." },
  { kind: "ok", text: "تطبيق القصص may spend 77 credits a day.", undo: UNDO },
  {
    kind: "ok",
    text: `Donaudampfschifffahrtsgesellschaft${"s".repeat(60)} may spend 77 credits a day on text and 20 credits a day on images.`,
    undo: { ...UNDO, fields: { ...UNDO.fields, scope: ["llm", "speech"] }, label: "Undo, back to 50 and 10" },
  },
]

export const FEEDBACK: readonly Specimen[] = [
  {
    name: "Toast",
    use: "What the last form did, with the new value and the way back. Floats over the page, moves nothing, goes after 8 seconds; errors stay.",
    draw: (on) => (
      <div class="stack">
        {TOASTS.map((flash) => (
          <FlashMessage flash={flash} csrf={on.csrf} />
        ))}
      </div>
    ),
  },
  {
    name: "Notice",
    use: "A standing remark about the page or a part of it.",
    draw: () => (
      <div class="stack">
        <Notice text="Calls in test mode cost nothing." />
        <Notice tone="ok" text="The first call arrived." />
        <Notice tone="warn" text="This app was not verified. Approve it only if you know who made it." />
        <Notice tone="bad" text="This account is suspended. Its apps cannot spend credits." />
      </div>
    ),
  },
  {
    name: "Badge",
    use: "A state in one or two words. The colour repeats what the word says.",
    draw: () => (
      <p class="badges">
        <Badge text="Developer" />
        <Badge tone="ok" text="Active" />
        <Badge tone="warn" text="Not verified" />
        <Badge tone="bad" text="Suspended" />
        <Badge tone="accent" text="This device" />
      </p>
    ),
  },
  {
    name: "Empty state",
    use: "What this place will hold, why it is empty, the one thing to do.",
    draw: () => (
      <Empty
        title="No app can spend your credits yet"
        text="Apps appear here when you approve them. Each has its own limit, and you can revoke it at any time."
        action={<Button href="/_ui" label="Find an app" />}
      />
    ),
  },
  {
    name: "Secret",
    use: "A secret in the only answer that ever shows it.",
    draw: (on) => (
      <Secret
        id={on.id("secret")}
        title="Your client secret"
        secret="cs_live_9fK2wYb7Qm4T1xVn8ZpR3sLd6HcJ5gAe"
        doneHref="/_ui"
      />
    ),
  },
  {
    name: "QR code",
    use: "For what another device takes over by its camera. What it says stands beside it as text.",
    draw: () => (
      <QrCode
        label="QR code of nothing"
        modules={Array.from({ length: 25 }, (_, y) =>
          Array.from({ length: 25 }, (_, x) => x > 1 && y > 1 && x < 23 && y < 23 && (x * 7 + y * 13 + x * y) % 5 < 2),
        )}
      />
    ),
  },
  {
    name: "Confirm",
    use: "The question before something is lost: a page of its own, lifted into a dialog where scripts run.",
    draw: (on) => (
      <Confirm
        id={on.id("confirm")}
        level={4}
        title="Revoke Storyteller?"
        csrf={on.csrf}
        action="/theme"
        hidden={{ theme: "system", back: "/_ui" }}
        label="Revoke Storyteller"
        cancelHref="/_ui"
      >
        <p>It is signed out at once and can no longer spend your credits. Calls it has already made stay charged.</p>
      </Confirm>
    ),
  },
]
